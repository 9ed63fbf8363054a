/// The files that travel inside the binary, so that a demonstration needs nothing beside it.
public enum BundledFiles {
    /// The demonstration territory: real communes; professionals, hospitals and their identifiers are fictional.
    public static let demoTerritory = text(PackageResources.demo_territory_yaml)

    /// What is told to whom.
    public static let notifications = text(PackageResources.notifications_yaml)

    /// The follow-up protocols shipped, each under its file name.
    public static let protocols: [(name: String, yaml: String)] = [
        ("plain-home-discharge.yaml", text(PackageResources.plain_home_discharge_yaml)),
        ("heart-failure.yaml", text(PackageResources.heart_failure_yaml)),
        ("copd.yaml", text(PackageResources.copd_yaml)),
        ("surgery.yaml", text(PackageResources.surgery_yaml)),
        ("elderly-75.yaml", text(PackageResources.elderly_75_yaml)),
        ("maternity.yaml", text(PackageResources.maternity_yaml)),
        ("against-advice-discharge.yaml", text(PackageResources.against_advice_discharge_yaml)),
        ("unknown-discharge.yaml", text(PackageResources.unknown_discharge_yaml)),
        ("ehpad-discharge.yaml", text(PackageResources.ehpad_discharge_yaml)),
        ("smr-discharge.yaml", text(PackageResources.smr_discharge_yaml)),
        ("had-discharge.yaml", text(PackageResources.had_discharge_yaml)),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
