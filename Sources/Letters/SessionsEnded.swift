/// Why sessions were ended that their owner did not end.
public enum SessionsEndedReason: String, Sendable, CaseIterable {
  /// A refresh token came a second time. Of the two who have it one is a thief, and nobody can tell which (RFC 9700
  /// section 4.14.2).
  case refreshTokenReused
  /// An administrator ended them.
  case administrator
}

extension Letters {
  /// After a session was ended without its owner's doing.
  public static func sessionsEnded(_ reason: SessionsEndedReason, publicURL: String) -> Letter {
    let story: String
    let advice: String
    switch reason {
    case .refreshTokenReused:
      story =
        "A refresh token of your account at PetStore Direct was used twice. Each is good for one use, so a second"
        + " copy of it is somewhere. To be safe, the session that it belongs to was ended, on every device that"
        + " shares it. Your API keys work as before."
      advice =
        "Log in again. If a program of yours simply sent the same token twice, that is all. If you cannot explain"
        + " it, change your password."
    case .administrator:
      story =
        "An administrator ended the sessions of your account at PetStore Direct. Your API keys work as before."
      advice = "Log in again. If you did not expect this, ask your administrator."
    }
    return Letter("You were logged out", publicURL: publicURL, [.paragraph(story), .note(advice)])
  }
}
