import Crypto
import Domain
import HTTP
import QRCode
import Store

/// `POST /api/v1/auth/mfa/totp` makes a secret for an authenticator app (RFC 6238): as text, as the URI that apps take,
/// and as a picture of it. It counts once a code of it was confirmed.
///
/// - 201 with the secret, shown this once.
/// - 401 `step_up_required`, always for an API key; 409 `second_factor_present`.
@Sendable func beginTOTP(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let secret = SecureRandom.bytes(TOTP.secretLength)
  do {
    try worker.services.database.beginSecondFactor(
      of: request.principal, secret: secret, sealedWith: worker.services.master)
  } catch SecondFactorRefusal.present {
    throw Problem.secondFactorPresent
  }
  let uri = TOTP.uri(secret: secret, issuer: "PetStore Direct", account: request.principal.email)
  return .json(
    .created,
    [
      "message": "Add it to your app, then send a code to /api/v1/auth/mfa/totp/confirm.",
      "secret": .string(Base32.encode(secret)), "otpauth_uri": .string(uri),
      "qr_code_svg": JSON(QRCode.svg(uri)),
    ])
}
