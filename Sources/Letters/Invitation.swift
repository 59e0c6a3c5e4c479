extension Letters {
  /// To somebody for whom an administrator made an account.
  ///
  /// - Parameters:
  ///   - company: left out of the letter if it is long or looks like a link.
  ///   - code: letters, digits, `-` and `_`; it chooses the first password.
  ///   - hours: for which the code is good.
  public static func invitation(company: String, code: String, hours: Int, publicURL: String) -> Letter {
    Letter(
      "Your account at PetStore Direct", publicURL: publicURL,
      [
        .paragraph(
          "An administrator made an account for you at PetStore Direct\(Shown.company(company, before: "for"))."
            + " Choose a password, and it is yours. You log in with this e-mail address."),
        .button("Choose a password", link: CodeUse.link(publicURL, page: "reset-password", code: code)),
        .paragraph("Or use this code:"), .code(code),
        .paragraph("If you would rather type than click:"),
        CodeUse.command(
          publicURL, path: "password/reset", [("token", code), ("new_password", "YOUR NEW PASSWORD")]),
        .paragraph("The code is good for \(Shown.count(hours, "hour")) and for one use."),
        .note("You did not expect this? Then do nothing: without a password nobody can log in."),
      ])
  }
}
