/// What was done to an account's second factor.
public enum SecondFactorChange: String, Sendable, CaseIterable {
  case turnedOn, turnedOff, recoveryCodesReplaced, recoveryCodeUsed
}

extension Letters {
  /// After an account's second factor was changed, or got around with a recovery code.
  public static func secondFactorChanged(_ what: SecondFactorChange, publicURL: String) -> Letter {
    let (subject, story) =
      switch what {
      case .turnedOn:
        (
          "Two-step login is on",
          "From here on, logging in to your account at PetStore Direct takes your password and a code from your"
            + " authenticator. Keep the recovery codes where you will find them without your phone."
        )
      case .turnedOff:
        (
          "Two-step login is off",
          "From here on, logging in to your account at PetStore Direct takes your password alone."
        )
      case .recoveryCodesReplaced:
        (
          "You have new recovery codes",
          "New recovery codes were made for your account at PetStore Direct. The earlier ones no longer work."
        )
      case .recoveryCodeUsed:
        (
          "A recovery code was used",
          "Somebody logged in to your account at PetStore Direct with your password and a recovery code. That code"
            + " is used up."
        )
      }
    return Letter(
      subject, publicURL: publicURL,
      [
        .paragraph(story),
        .note("It was not you? Then somebody else knows your password. Ask for a new one at once."),
      ])
  }
}
