import Domain
import Glibc
import Testing

@Suite struct UTCTimeTests {
  @Test func `A moment is written as people and as mail write it`() {
    let time = UTCTime(seconds: 1_768_640_705)
    #expect(time.text == "17 January 2026, 09:05 UTC")
    #expect(time.mailDate == "Sat, 17 Jan 2026 09:05:05 +0000")
    #expect(UTCTime(seconds: 0).mailDate == "Thu, 01 Jan 1970 00:00:00 +0000")
    #expect(UTCTime(seconds: 951_782_400).text == "29 February 2000, 00:00 UTC")
    #expect(UTCTime(seconds: -1).mailDate == "Wed, 31 Dec 1969 23:59:59 +0000")
  }

  @Test func `The C library says the same of twenty thousand moments`() {
    for step in 0..<20_000 {
      // 1870 to 2170 or so, with every time of day.
      var seconds = time_t(-3_155_760_000 + step * 473_387)
      var parts = tm()
      gmtime_r(&seconds, &parts)
      let time = UTCTime(seconds: Int64(seconds))
      #expect(
        [time.year, time.month, time.day, time.weekday, time.hour, time.minute, time.second]
          == [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_wday, parts.tm_hour, parts.tm_min,
            parts.tm_sec,
          ]
          .map { Int($0) })
    }
  }
}
