extension Letters {
  /// To the old address, after an account's address was changed.
  ///
  /// - Parameter newAddress: shown with its first letter and its domain only, since the old mailbox may have become
  ///   somebody else's.
  public static func emailChanged(to newAddress: String, publicURL: String) -> Letter {
    Letter(
      "Your e-mail address was changed", publicURL: publicURL,
      [
        .paragraph(
          "Your account at PetStore Direct now has the e-mail address \(Shown.masked(newAddress)). From here on,"
            + " letters go there, and you log in with it. This is the last one to this address."),
        .note(
          "It was not you? Then somebody else got into your account. Tell whoever runs this service at once."),
      ])
  }
}
