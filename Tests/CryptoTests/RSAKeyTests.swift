import Crypto
import Glibc
import HTTP
import PublishedData
import Testing
import Threads

/// One key for all tests: making one takes a tenth of a second.
private let shared = Result { try RSAPrivateKey.generate() }

private func hexadecimal(_ json: JSON?) throws -> [UInt8] {
  try #require(Hexadecimal.decode((json?.text ?? "?").utf8))
}

@Suite struct RSAKeyTests {
  @Test func `A new key signs, and its public half verifies that and nothing else`() throws {
    let key = try shared.get()
    let message = Array("a message".utf8)
    let signature = try key.signSHA256(message)
    #expect(signature.count == 256)
    #expect(key.publicKey.modulus.count == 256)
    #expect(key.publicKey.exponent == [1, 0, 1])
    #expect(key.publicKey.verifySHA256(signature: signature, of: message))
    #expect(try key.signSHA256(message) == signature)
    #expect(!key.publicKey.verifySHA256(signature: signature, of: message + [0]))
    #expect(!key.publicKey.verifySHA256(signature: signature, of: []))
    #expect(try !RSAPrivateKey.generate().publicKey.verifySHA256(signature: signature, of: message))
  }

  @Test func `An empty message can be signed`() throws {
    let key = try shared.get()
    #expect(try key.publicKey.verifySHA256(signature: key.signSHA256([]), of: []))
  }

  @Test func `No bit of a signature may differ, and none may be missing or added`() throws {
    let key = try shared.get()
    let signature = try key.signSHA256([1, 2, 3])
    for bit in 0..<(signature.count * 8) {
      var altered = signature
      altered[bit / 8] ^= 1 << (bit % 8)
      #expect(!key.publicKey.verifySHA256(signature: altered, of: [1, 2, 3]), "bit \(bit)")
    }
    let others: [[UInt8]] = [
      [], [0], signature.dropLast(), Array(signature.dropFirst()), signature + [0], [0] + signature,
      [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0xff, count: 256), key.publicKey.modulus,
      [UInt8](repeating: 0, count: 255) + [1],
    ]
    for other in others { #expect(!key.publicKey.verifySHA256(signature: other, of: [1, 2, 3])) }
  }

  @Test func `A key that was written is read back as the same`() throws {
    let key = try shared.get()
    let der = try key.der()
    let again = try RSAPrivateKey(der: der)
    #expect(again.publicKey.modulus == key.publicKey.modulus)
    #expect(try again.signSHA256([7]) == key.signSHA256([7]))
    #expect(try again.der() == der)
  }

  @Test func `What is no PKCS#8 of an RSA key is refused`() throws {
    let der = try shared.get().der()
    // The identifier of RSASSA-PSS instead of rsaEncryption's: 1.2.840.113549.1.1.10 for .1.
    let identifier: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
    let place = try #require(der.indices.first { der[$0...].starts(with: identifier) })
    var pss = der
    pss[place + 8] = 10
    let curve =
      "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"
      + "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721a14403420004"
      + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
      + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    let others: [[UInt8]] = [
      [], [0x30], [0x30, 0x00], der + [0], der.dropLast(), Array(der.dropFirst()), pss,
      try #require(Hexadecimal.decode(curve.utf8)), Array(der[(place + 15)...]),
      Array("-----BEGIN PRIVATE KEY-----".utf8),
    ]
    for (number, other) in others.enumerated() {
      #expect(throws: RSAKeyRefusal.malformed, "\(number)") { try RSAPrivateKey(der: other) }
    }
  }

  @Test func `Keys too short, too long, even, or with a bad exponent are refused`() throws {
    let modulus = try shared.get().publicKey.modulus
    let refusals: [([UInt8], [UInt8], RSAKeyRefusal)] = [
      ([], [1, 0, 1], .length), ([0x7f] + modulus.dropFirst(), [1, 0, 1], .length),
      (Array(modulus.dropFirst()), [1, 0, 1], .length), (Array(modulus.prefix(127)) + [1], [1, 0, 1], .length),
      ([UInt8](repeating: 0xff, count: 1025), [1, 0, 1], .length),
      (modulus.dropLast() + [0xfe], [1, 0, 1], .evenModulus),
      (modulus, [], .exponent), (modulus, [0], .exponent), (modulus, [1], .exponent), (modulus, [0, 1], .exponent),
      (modulus, [2], .exponent), (modulus, [1, 0, 0], .exponent), (modulus, [1, 0, 0, 0, 1], .exponent),
      (modulus, modulus, .exponent),
    ]
    for (modulus, exponent, refusal) in refusals {
      #expect(throws: refusal) { try RSAPublicKey(modulus: modulus, exponent: exponent) }
    }
    for bits in [0, 1024, 2047, 8193, -1] {
      #expect(throws: RSAKeyRefusal.length) { try RSAPrivateKey.generate(bits: bits) }
    }
    #expect(try RSAPublicKey(modulus: [0, 0] + modulus, exponent: [0, 3]).modulus == modulus)
    #expect(try RSAPublicKey(modulus: modulus, exponent: [3]).exponent == [3])
    #expect(try RSAPublicKey(modulus: modulus, exponent: [0xff, 0xff, 0xff, 0xff]).exponent.count == 4)
  }

  @Test func `A modulus with the mark of ROCA is refused`() throws {
    // A multiple of 4 and of all the marking primes; one more than that is a power of 65537 modulo each.
    var number: [UInt8] = [0x80] + SecureRandom.bytes(228)
    let primes = (2...167).filter { candidate in !(2..<candidate).contains { candidate.isMultiple(of: $0) } }
    for factor in primes + [2] {
      var carry = 0
      for place in number.indices.reversed() {
        let product = Int(number[place]) * factor + carry
        number[place] = UInt8(truncatingIfNeeded: product)
        carry = product >> 8
      }
      while carry > 0 {
        number.insert(UInt8(truncatingIfNeeded: carry), at: 0)
        carry >>= 8
      }
    }
    #expect(number.count >= 256)
    let last = number.removeLast()
    #expect(throws: RSAKeyRefusal.roca) { try RSAPublicKey(modulus: number + [last | 1], exponent: [1, 0, 1]) }
    // 3 is none modulo 11.
    #expect(throws: Never.self) { try RSAPublicKey(modulus: number + [last | 3], exponent: [1, 0, 1]) }
    // And no other modulus looks so by chance, with as many primes as are tried.
    for _ in 0..<1000 {
      let modulus = [0xc0] + SecureRandom.bytes(254) + [SecureRandom.bytes(1)[0] | 1]
      #expect(throws: Never.self) { try RSAPublicKey(modulus: modulus, exponent: [1, 0, 1]) }
    }
  }

  @Test func `One key signs and verifies in many threads at once`() throws {
    let key = try shared.get()
    let wrong = Locked(0)
    let ended = Locked(0)
    for number in 0..<8 {
      _ = Thread {
        for round in 0..<50 {
          let message = Array("thread \(number), round \(round)".utf8)
          let signature = (try? key.signSHA256(message)) ?? []
          let altered = signature.isEmpty ? [] : [signature[0] ^ 1] + signature.dropFirst()
          if !key.publicKey.verifySHA256(signature: signature, of: message)
            || key.publicKey.verifySHA256(signature: altered, of: message)
          {
            wrong.withLock { $0 += 1 }
          }
        }
        ended.withLock { $0 += 1 }
      }
    }
    while ended.withLock({ $0 }) < 8 { usleep(1_000) }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func `A private key never shows itself`() throws {
    let key = try shared.get()
    var dumped = ""
    dump([key], to: &dumped)
    #expect("\(key)" == "<RSA private key>")
    #expect(!dumped.contains("Handle") && !dumped.contains("0x"), "\(dumped)")
  }

  @Test(
    .enabled(if: PublishedData.isAtHand("wycheproof/rsa_signature_2048_sha256_test.json"), "\(PublishedData.absent)"),
    arguments: [(2048, 259, 9), (3072, 259, 8), (4096, 258, 7)])
  func `Wycheproof: RSASSA-PKCS1-v1_5 with SHA-256, valid signatures and forgeries`(
    bits: Int, count: Int, valid: Int
  ) throws {
    var tried = 0
    var accepted = 0
    for group in try PublishedData.json("wycheproof/rsa_signature_\(bits)_sha256_test.json")["testGroups"]?.items ?? []
    {
      let key = try RSAPublicKey(
        modulus: hexadecimal(group["publicKey"]?["modulus"]),
        exponent: hexadecimal(group["publicKey"]?["publicExponent"]))
      #expect(key.modulus.count == bits / 8)
      for test in group["tests"]?.items ?? [] {
        let isGood = key.verifySHA256(signature: try hexadecimal(test["sig"]), of: try hexadecimal(test["msg"]))
        // "acceptable" is a signature whose padding leaves out a NULL that RFC 8017 demands.
        #expect(isGood == (test["result"] == "valid"), "tcId \(test["tcId"]?.number ?? 0)")
        tried += 1
        accepted += isGood ? 1 : 0
      }
    }
    #expect(tried == count)
    #expect(accepted == valid)
  }

  @Test(.enabled(if: PublishedData.isAtHand("wycheproof/rsa_pkcs1_2048_sig_gen_test.json"), "\(PublishedData.absent)"))
  func `Wycheproof: signatures come out byte for byte`() throws {
    var made = 0
    for group in try PublishedData.json("wycheproof/rsa_pkcs1_2048_sig_gen_test.json")["testGroups"]?.items ?? []
    where group["sha"] == "SHA-256" {
      let key = try RSAPrivateKey(der: hexadecimal(group["privateKeyPkcs8"]))
      for test in group["tests"]?.items ?? [] {
        let signature = try key.signSHA256(hexadecimal(test["msg"]))
        #expect(try signature == hexadecimal(test["sig"]), "tcId \(test["tcId"]?.number ?? 0)")
        made += 1
      }
    }
    #expect(made == 10)
  }
}
