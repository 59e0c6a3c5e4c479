/// Why a token is not taken. For the log and the tests: the world is told no more than that it was not.
public enum TokenRefusal: Error, Sendable, Equatable {
  /// No compact JWS of the one form that is read here.
  case malformed
  /// Signed, or said to be signed, with anything but RS256.
  case wrongAlgorithm
  /// Of another type than the one asked for.
  case wrongType
  /// Signed with a key that is not known.
  case unknownKey
  /// Not signed by the key that it names.
  case badSignature
  case wrongIssuer
  case wrongAudience
  case expired
  case notYetValid
  /// Signed, but without what it must say.
  case badClaims
}
