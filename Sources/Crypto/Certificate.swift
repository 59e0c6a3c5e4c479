// What an operator wants to know of a server's certificate (RFC 5280) before its clients do.

import COpenSSL

/// The first certificate of a PEM file (RFC 7468 section 5).
public struct Certificate: Sendable {
  /// Seconds from now until it ends; negative if it has.
  public let secondsLeft: Int
  /// Seconds since it began; negative if it has not yet.
  public let secondsSinceBegin: Int

  /// Reads a certificate.
  ///
  /// - Throws: ``CryptoFailure`` for what holds none.
  public init(pem: [UInt8]) throws(CryptoFailure) {
    let input = try Handle(BIO_new_mem_buf(pem, Int32(clamping: pem.count)), { BIO_free($0) })
    let certificate = try Handle(PEM_read_bio_X509(input.pointer, nil, nil, nil), X509_free)
    secondsLeft = try Self.seconds(until: X509_get0_notAfter(certificate.pointer))
    secondsSinceBegin = -(try Self.seconds(until: X509_get0_notBefore(certificate.pointer)))
  }

  private static func seconds(until time: UnsafePointer<ASN1_TIME>?) throws(CryptoFailure) -> Int {
    var days: Int32 = 0
    var seconds: Int32 = 0
    try CryptoFailure.check(ASN1_TIME_diff(&days, &seconds, nil, time))
    return Int(days) * 86_400 + Int(seconds)
  }
}
