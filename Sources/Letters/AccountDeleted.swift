extension Letters {
  /// After an account was deleted.
  public static func accountDeleted(publicURL: String) -> Letter {
    Letter(
      "Your account was deleted", publicURL: publicURL,
      [
        .paragraph(
          "Your account at PetStore Direct was deleted. Its API keys have stopped working, and nobody can log in to"
            + " it any more. Thank you for having been with us."),
        .note("It was not you? Then tell whoever runs this service at once."),
      ])
  }
}
