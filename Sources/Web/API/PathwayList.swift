/// The pathways that a search found, as ids.
struct PathwayList: Encodable {
    let pathways: [String]
}
