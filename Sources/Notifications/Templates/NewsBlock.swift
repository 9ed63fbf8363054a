/// What stands above the news of one patient: who it is, for whom may know.
struct NewsBlock: Hashable {
    /// News with the same key stand together.
    let key: String
    let heading: String
    /// « Cardiologie, Centre hospitalier … »; nil for whom may not read the name.
    let place: String?
}
