/// From where an item is looked at: the same follow-up is one thing for who owns it, another for who is asked.
enum Standpoint: Hashable {
    /// Whoever answers for it.
    case owner
    /// Who is asked: an addressee.
    case asked(String)
    /// Who was told that it was withdrawn: an RPPS.
    case told(String)
}
