import CFastCGI
import HTTP

/// Writes a response to FCGI_STDOUT in the form of RFC 3875 section 6, which nginx turns into HTTP.
enum ResponseWriter {
  static func send(
    _ response: Response, headOnly: Bool, to stream: UnsafeMutablePointer<FCGX_Stream>?
  ) {
    guard let stream else { return }
    var head: [UInt8] = []
    head.reserveCapacity(1024)
    head.append(contentsOf: "Status: ".utf8)
    head.append(decimal: response.status.code)
    head.append(UInt8(ascii: " "))
    head.append(contentsOf: response.status.reason.utf8)
    for field in response.fields {
      head.append(contentsOf: "\r\n".utf8)
      head.append(contentsOf: field.name.utf8)
      head.append(contentsOf: ": ".utf8)
      head.append(contentsOf: field.value.utf8)
    }
    switch response.body {
    case .bytes(let bytes):
      if response.status.code != 204 {
        head.append(contentsOf: "\r\nContent-Length: ".utf8)
        head.append(decimal: bytes.count)
      }
      head.append(contentsOf: "\r\n\r\n".utf8)
      if !headOnly { head.append(contentsOf: bytes) }
      _ = put(head, stream)
    case .stream(let produce):
      // nginx must pass each chunk on as it comes.
      head.append(contentsOf: "\r\nX-Accel-Buffering: no\r\n\r\n".utf8)
      guard put(head, stream), !headOnly, FCGX_FFlush(stream) == 0 else { return }
      do {
        try produce { chunk in put(chunk, stream) && FCGX_FFlush(stream) == 0 }
      } catch {
        // The status is already out. A cut-off body is all that can still tell the client.
        FCGX_SetExitStatus(1, stream)
      }
    }
  }

  private static func put(_ bytes: [UInt8], _ stream: UnsafeMutablePointer<FCGX_Stream>) -> Bool {
    bytes.withUnsafeBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        FCGX_PutStr($0.baseAddress, Int32($0.count), stream) >= 0
      }
    }
  }
}
