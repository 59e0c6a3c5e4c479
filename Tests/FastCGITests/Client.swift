// The other end of a FastCGI connection, as nginx is and as no nginx ever was.

import Glibc
import Testing

/// A record's type (FastCGI specification, section 8).
enum RecordType: UInt8 { case begin = 1, abort, end, params, stdin, stdout, stderr, data, getValues }

/// A record as it goes over the wire.
func record(
  _ type: RecordType, _ content: [UInt8] = [], id: UInt16 = 1, version: UInt8 = 1,
  padding: UInt8 = 0
) -> [UInt8] {
  let length = UInt16(content.count)
  return [
    version, type.rawValue, UInt8(id >> 8), UInt8(id & 255), UInt8(length >> 8),
    UInt8(length & 255), padding, 0,
  ] + content + [UInt8](repeating: 0, count: Int(padding))
}

/// A name-value pair; `lengths` puts other lengths before it than its own.
func pair(_ name: String, _ value: String, lengths: (UInt32, UInt32)? = nil) -> [UInt8] {
  func encode(_ length: UInt32) -> [UInt8] {
    length < 128
      ? [UInt8(length)]
      : [24, 16, 8, 0].enumerated().map {
        UInt8(length >> UInt32($1) & 255) | ($0 == 0 ? 0x80 : 0)
      }
  }
  let (first, second) = lengths ?? (UInt32(name.utf8.count), UInt32(value.utf8.count))
  return encode(first) + encode(second) + Array(name.utf8) + Array(value.utf8)
}

let beginKept = record(.begin, [0, 1, 1, 0, 0, 0, 0, 0])
let beginOnce = record(.begin, [0, 1, 0, 0, 0, 0, 0, 0])

/// A whole request.
func request(
  _ method: String = "GET", _ target: String = "/", body: [UInt8] = [], announced: String? = nil,
  id: String = "req-1", keep: Bool = true, more: [(String, String)] = []
) -> [UInt8] {
  let pairs =
    [
      ("REQUEST_METHOD", method), ("REQUEST_URI", target), ("REQUEST_ID", id),
      ("REMOTE_ADDR", "192.0.2.1"),
      ("CONTENT_LENGTH", announced ?? (body.isEmpty ? "" : String(body.count))),
    ] + more
  var bytes = keep ? beginKept : beginOnce
  for part in chunks(of: pairs.flatMap { pair($0.0, $0.1) }) { bytes += record(.params, part) }
  bytes += record(.params)
  for part in chunks(of: body) { bytes += record(.stdin, part, padding: 3) }
  return bytes + record(.stdin)
}

private func chunks(of bytes: [UInt8]) -> [[UInt8]] {
  stride(from: 0, to: bytes.count, by: 60_000).map {
    Array(bytes[$0..<min($0 + 60_000, bytes.count)])
  }
}

/// What came back for one request.
struct Answer: Equatable {
  var head: [String]
  var body: String
  var exitStatus: UInt32
  /// The content of each FCGI_STDOUT record.
  var records: [String]

  var status: String { head.first { $0.hasPrefix("Status: ") } ?? "no status" }
}

/// A connection.
final class Client {
  private let descriptor: Int32
  private var isOpen = true

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(_ path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      let failure = errno
      Glibc.close(descriptor)
      isOpen = false
      throw Failure(description: "connect: \(String(cString: strerror(failure)))")
    }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close() }

  func close() {
    if isOpen { Glibc.close(descriptor) }
    isOpen = false
  }

  /// Ends the sending half.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends bytes; gives false if the peer has gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Reads one answer to its end.
  func answer() throws -> Answer {
    var output: [[UInt8]] = []
    while true {
      let header = try read(8)
      let length = Int(header[4]) << 8 | Int(header[5])
      let content = try read(length)
      _ = try read(Int(header[6]))
      guard let type = RecordType(rawValue: header[1]) else {
        throw Failure(description: "record of type \(header[1])")
      }
      switch type {
      case .stdout where length > 0: output.append(content)
      case .end:
        let text = String(decoding: output.joined(), as: UTF8.self)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        return Answer(
          head: (parts.first ?? "").split(separator: "\r\n").map(String.init),
          body: parts.count > 1 ? String(parts[1]) : "",
          exitStatus: content[..<4].reduce(0) { $0 << 8 | UInt32($1) },
          records: output.map { String(decoding: $0, as: UTF8.self) })
      default: break
      }
    }
  }

  /// The content of the next record of the answer.
  func nextOutput() throws -> String {
    let header = try read(8)
    let content = try read(Int(header[4]) << 8 | Int(header[5]))
    _ = try read(Int(header[6]))
    return String(decoding: content, as: UTF8.self)
  }

  func ask(_ bytes: [UInt8]) throws -> Answer {
    guard send(bytes) else { throw Failure(description: "the peer has gone") }
    return try answer()
  }

  /// Whether the peer closes the connection within some seconds. What it says before is passed over.
  var isClosedByPeer: Bool {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    var count = 1
    while count > 0 { count = recv(descriptor, &bytes, bytes.count, 0) }
    return count == 0 || (count < 0 && errno == ECONNRESET)
  }

  /// Bytes as they came, record or not.
  func bytes(_ count: Int) throws -> [UInt8] { try read(count) }

  private func read(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < count {
      let got = recv(descriptor, &chunk, min(chunk.count, count - bytes.count), 0)
      guard got > 0 else {
        throw Failure(
          description: got == 0 ? "closed" : "recv: \(String(cString: strerror(errno)))")
      }
      bytes += chunk[..<got]
    }
    return bytes
  }
}
