// An easy handle of libcurl with everything that must live as long as it does.

import CCurl

/// A handle, for one transfer, owned by one thread.
struct CurlHandle: ~Copyable {
  private let raw: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private var form: OpaquePointer?
  /// What callbacks are given; they are called until the handle is gone.
  private let context: AnyObject
  /// The first option that libcurl refused. Nothing is sent then: a transfer without one of its restrictions is worse
  /// than none.
  private var refusal = CURLE_OK

  /// - Parameter context: what callbacks read and write; see ``setCallback(_:_:_:)``.
  /// - Returns: nil if libcurl cannot be used.
  init?(context: AnyObject) {
    guard Self.isReady, let handle = curl_easy_init() else { return nil }
    raw = handle
    self.context = context
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    note(petstore_curl_set_error_buffer(raw, errorText))
  }

  deinit {
    // May still speak to the server, and call back: so the handle goes first, then what it reads and writes.
    curl_easy_cleanup(raw)
    if let form { curl_mime_free(form) }
    for list in lists { curl_slist_free_all(list) }
    errorText.deallocate()
    withExtendedLifetime(context) {}
  }

  mutating func set(_ option: CURLoption, _ value: Int) { note(petstore_curl_set_long(raw, option, value)) }

  mutating func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }

  /// libcurl copies the text; nil takes libcurl's own default away.
  mutating func set(_ option: CURLoption, _ value: String?) { note(petstore_curl_set_string(raw, option, value)) }

  mutating func set(_ option: CURLoption, _ values: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for value in values {
      guard let longer = curl_slist_append(list, value) else {
        curl_slist_free_all(list)
        return note(CURLE_OUT_OF_MEMORY)
      }
      list = longer
    }
    guard let list else { return }
    lists.append(list)
    note(petstore_curl_set_list(raw, option, list))
  }

  /// A function of libcurl's usual shape, with the handle's context as its last argument.
  mutating func setCallback(
    _ function: CURLoption, _ data: CURLoption,
    _ body: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int
  ) {
    note(petstore_curl_set_context(raw, data, Unmanaged.passUnretained(context).toOpaque()))
    note(petstore_curl_set_function(raw, function, body))
  }

  /// Asked at least once a second, with the handle's context; anything but 0 ends the transfer.
  mutating func setProgressCallback(
    _ body: @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> Int32
  ) {
    note(petstore_curl_set_context(raw, CURLOPT_XFERINFODATA, Unmanaged.passUnretained(context).toOpaque()))
    note(petstore_curl_set_progress(raw, body))
    set(CURLOPT_NOPROGRESS, false)
  }

  /// libcurl copies the bytes.
  mutating func setBody(_ bytes: [UInt8]) {
    set(CURLOPT_POSTFIELDSIZE, bytes.count)
    bytes.withUnsafeBytes { buffer in
      // An empty array may have no address, and libcurl takes none for "read from a callback".
      var nothing: UInt8 = 0
      withUnsafeBytes(of: &nothing) { empty in
        let start = UnsafeMutableRawPointer(mutating: buffer.baseAddress ?? empty.baseAddress)
        note(petstore_curl_set_context(raw, CURLOPT_COPYPOSTFIELDS, start))
      }
    }
  }

  /// A body of multipart/form-data (RFC 7578).
  mutating func setForm(_ parts: [FormPart]) {
    guard let form = curl_mime_init(raw) else { return note(CURLE_OUT_OF_MEMORY) }
    self.form = form
    for part in parts {
      guard let field = curl_mime_addpart(form) else { return note(CURLE_OUT_OF_MEMORY) }
      note(curl_mime_name(field, part.name))
      part.bytes.withUnsafeBytes { bytes in
        note(curl_mime_data(field, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count))
      }
      if let type = part.type { note(curl_mime_type(field, type)) }
      if let file = part.fileName { note(curl_mime_filename(field, file)) }
    }
    note(petstore_curl_set_context(raw, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(form)))
  }

  /// What every transfer of ours forbids: proxies and passwords of the environment, and signals, which belong to the process.
  mutating func restrict(to protocols: String) {
    set(CURLOPT_PROTOCOLS_STR, protocols)
    set(CURLOPT_FOLLOWLOCATION, false)
    // Empty, not unset: unset means those of the environment.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    set(CURLOPT_NOSIGNAL, true)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_SSL_VERIFYPEER, 1)
    // 2 is "the name must be the certificate's"; 1 is an error.
    set(CURLOPT_SSL_VERIFYHOST, 2)
  }

  /// Trusts these certificates (PEM) instead of the system's.
  mutating func trust(only file: String) {
    set(CURLOPT_CAINFO, file)
    // Else the system's folder of certificates would be trusted as well.
    set(CURLOPT_CAPATH, nil)
  }

  /// Runs the transfer to its end: how it ended, and libcurl's own words for it.
  mutating func run() -> (code: CURLcode, words: String) {
    let code = refusal == CURLE_OK ? curl_easy_perform(raw) : refusal
    let detail = String(cString: errorText)
    return (code, detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)
  }

  /// The status of an HTTP answer, 0 before there was one.
  var status: Int {
    var status = 0
    petstore_curl_get_long(raw, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  private mutating func note(_ code: CURLcode) {
    if refusal == CURLE_OK { refusal = code }
  }

  /// libcurl's own preparation, once a process. `static let` makes it so, whichever thread comes first.
  private static let isReady = petstore_curl_global_init() == CURLE_OK
}

extension Duration {
  /// Whole milliseconds, at least one: libcurl takes 0 for "for ever".
  var curlMilliseconds: Int {
    let (seconds, attoseconds) = components
    return max(
      1,
      Int(
        clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000))
  }
}
