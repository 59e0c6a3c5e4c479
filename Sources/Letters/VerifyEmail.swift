extension Letters {
  /// After a registration: to prove that the address is the registrant's.
  ///
  /// - Parameters:
  ///   - company: as the registrant gave it; left out of the letter if it is long or looks like a link.
  ///   - code: letters, digits, `-` and `_`.
  ///   - hours: for which the code is good.
  ///   - publicURL: where the service is, without a slash at its end; the same for every letter.
  public static func verifyEmail(company: String, code: String, hours: Int, publicURL: String) -> Letter {
    Letter(
      "Confirm your e-mail address", publicURL: publicURL,
      [
        .paragraph(
          "Welcome to PetStore Direct. An account was registered with this e-mail"
            + " address\(Shown.company(company, before: "for")). Please confirm that the address is yours."),
        .button("Confirm the address", link: CodeUse.link(publicURL, page: "verify-email", code: code)),
        .paragraph("Or use this code:"), .code(code),
        .paragraph("If you would rather type than click:"),
        CodeUse.command(publicURL, path: "email/verify", [("token", code)]),
        .paragraph("The code is good for \(Shown.count(hours, "hour")) and for one use."),
        .note("It was not you? Then do nothing: without the code the address is never confirmed."),
      ])
  }
}
