import Crypto
import Testing

@Suite struct CertificateTests {
  // openssl req -x509 -newkey ed25519 -nodes -days 20000 -subj /CN=test: begins on 24 November 2026, ends in 2081.
  private let pem = """
    -----BEGIN CERTIFICATE-----
    MIIBNDCB56ADAgECAhQMPJCaL06yoMODntj3nVeMTdZLhTAFBgMrZXAwDzENMAsG
    A1UEAwwEdGVzdDAgFw0yNjExMjQxNjQyNTVaGA8yMDgxMDgyNzE2NDI1NVowDzEN
    MAsGA1UEAwwEdGVzdDAqMAUGAytlcAMhAEOYwKNe3iysfvu4pSWzwzS6cwhAiOL7
    6XzrjChhnkkwo1MwUTAdBgNVHQ4EFgQUXCREEkjUV4NyYk74Hp74KtVYDsUwHwYD
    VR0jBBgwFoAUXCREEkjUV4NyYk74Hp74KtVYDsUwDwYDVR0TAQH/BAUwAwEB/zAF
    BgMrZXADQQAGD1zfDJAWCQRy1kB7AxT5mR+o3FdIP/mPm8XtgIQQyKEHQWcJ8RIf
    nK5FjjbSL7T2wFu5Q00ONI9rrh6Ojw0G
    -----END CERTIFICATE-----
    """

  @Test func `The days that are left are counted from now`() throws {
    let certificate = try Certificate(pem: Array(pem.utf8))
    #expect(certificate.secondsLeft + certificate.secondsSinceBegin == 20_000 * 86_400)
    #expect(certificate.secondsLeft > 0)
  }

  @Test func `What is no certificate is refused`() {
    #expect(throws: CryptoFailure.self) { try Certificate(pem: Array("-----BEGIN CERTIFICATE-----\n".utf8)) }
    #expect(throws: CryptoFailure.self) { try Certificate(pem: []) }
  }
}
