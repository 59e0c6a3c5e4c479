extension Letters {
  /// To the owner of an address that somebody tried to register, or to change an account to.
  public static func emailInUse(publicURL: String) -> Letter {
    Letter(
      "You already have an account", publicURL: publicURL,
      [
        .paragraph(
          "Somebody tried to use this e-mail address for an account at PetStore Direct. It has one already, so"
            + " nothing was made and nothing was changed."),
        .paragraph(
          "If that was you: log in with the password you have, or ask for a new one if you have forgotten it."),
        .note("It was not you? Then there is nothing to do."),
      ])
  }
}
