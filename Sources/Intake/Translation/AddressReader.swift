import HL7v2
import Pathways

/// Where a patient can be found and called: PID-11 and PID-13.
enum AddressReader {
    /// The address of type `H`. `BDL` is the place of birth, and an address of no type may be anything: neither is taken for a home.
    static func home(_ field: Field) -> PatientAddress? {
        for repetition in field.repetitions {
            let address = XAD(repetition)
            guard address.typeCode == "H" else { continue }
            let home = PatientAddress(
                line: address.street.text ?? address.otherDesignation.text,
                city: address.city.text,
                postalCode: address.postalCode.text,
                cog: address.countyCode.text,
                country: address.country
            )
            return home == PatientAddress() ? nil : home
        }
        return nil
    }

    /// The first number of PID-13 (type XTN): whole in XTN.1 or XTN.12, else XTN.6 and XTN.7.
    static func phone(_ field: Field) -> String? {
        for repetition in field.repetitions {
            if let number = repetition.component(1).text ?? repetition.component(12).text { return number }
            let parts = [repetition.component(6).text, repetition.component(7).text].compactMap(\.self)
            if !parts.isEmpty { return parts.joined() }
        }
        return nil
    }
}
