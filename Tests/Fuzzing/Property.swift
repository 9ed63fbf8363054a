/// Ends the process when a property does not hold: libFuzzer then keeps the input that broke it.
func hold(_ condition: Bool, _ property: StaticString) {
    if !condition { fatalError("property broken: \(property)") }
}
