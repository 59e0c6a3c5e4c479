import Domain

extension Letters {
  /// After the password was changed, by whichever way.
  ///
  /// - Parameters:
  ///   - when: seconds since 1970.
  ///   - address: the IP address that did it.
  public static func passwordChanged(when: Int64, address: String, publicURL: String) -> Letter {
    Letter(
      "Your password was changed", publicURL: publicURL,
      [
        .paragraph(
          "The password of your account at PetStore Direct was changed on \(UTCTime(seconds: when).text), from the IP"
            + " address \(Shown.oneLine(address)). If that was you, all is well."),
        .note(
          "It was not you? Then somebody else knows your password or reads your mail. Ask for a new password at once,"
            + " revoke API keys that you do not know, and tell whoever runs this service."),
      ])
  }
}
