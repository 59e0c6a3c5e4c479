extension Letters {
  /// To the new address, before an account's address is changed.
  ///
  /// - Parameters:
  ///   - code: letters, digits, `-` and `_`.
  ///   - hours: for which the code is good.
  public static func confirmNewEmail(code: String, hours: Int, publicURL: String) -> Letter {
    Letter(
      "Confirm your new e-mail address", publicURL: publicURL,
      [
        .paragraph(
          "You want to use this e-mail address for your account at PetStore Direct. Please confirm that it is yours;"
            + " until then the old one stays."),
        .button("Confirm the new address", link: CodeUse.link(publicURL, page: "verify-email", code: code)),
        .paragraph("Or use this code:"), .code(code),
        .paragraph("If you would rather type than click:"),
        CodeUse.command(publicURL, path: "email/verify", [("token", code)]),
        .paragraph("The code is good for \(Shown.count(hours, "hour")) and for one use."),
        .note("It was not you? Then do nothing: without the code nothing changes."),
      ])
  }
}
