extension Letters {
  /// After somebody said that the password was forgotten.
  ///
  /// - Parameters:
  ///   - code: letters, digits, `-` and `_`.
  ///   - minutes: for which the code is good.
  ///   - address: the IP address that asked.
  public static func resetPassword(code: String, minutes: Int, address: String, publicURL: String) -> Letter {
    Letter(
      "Choose a new password", publicURL: publicURL,
      [
        .paragraph(
          "Somebody at the IP address \(Shown.oneLine(address)) asked for a new password for your account at PetStore"
            + " Direct. If that was you, choose one here."),
        .button("Choose a new password", link: CodeUse.link(publicURL, page: "reset-password", code: code)),
        .paragraph("Or use this code:"), .code(code),
        .paragraph("If you would rather type than click:"),
        CodeUse.command(
          publicURL, path: "password/reset", [("token", code), ("new_password", "YOUR NEW PASSWORD")]),
        .paragraph("The code is good for \(Shown.count(minutes, "minute")) and for one use."),
        .note("It was not you? Then do nothing: your password stays as it is. Never give the code to anybody."),
      ])
  }
}
