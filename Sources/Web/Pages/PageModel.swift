/// A view model of a whole page: plain values, ready to be drawn.
protocol PageModel: Sendable {
    static var template: PageTemplate { get }
}
