extension Letters {
  /// After an administrator took an account's password away.
  ///
  /// - Parameters:
  ///   - code: letters, digits, `-` and `_`.
  ///   - minutes: for which the code is good.
  public static func passwordReset(code: String, minutes: Int, publicURL: String) -> Letter {
    Letter(
      "Choose a new password", publicURL: publicURL,
      [
        .paragraph(
          "An administrator reset the password of your account at PetStore Direct: the old one no longer works. Choose"
            + " a new one here."),
        .button("Choose a new password", link: CodeUse.link(publicURL, page: "reset-password", code: code)),
        .paragraph("Or use this code:"), .code(code),
        .paragraph("If you would rather type than click:"),
        CodeUse.command(
          publicURL, path: "password/reset", [("token", code), ("new_password", "YOUR NEW PASSWORD")]),
        .paragraph("The code is good for \(Shown.count(minutes, "minute")) and for one use."),
        .note(
          "Too late? Say that you forgot your password, and a new letter comes. Never give the code to anybody."),
      ])
  }
}
