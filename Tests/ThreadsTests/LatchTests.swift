import Synchronization
import Testing
import Threads

@Suite struct LatchTests {
  @Test func `All who wait pass when it is opened, and whoever comes later`() {
    // given
    let latch = Latch()
    let passed = Atomic<Int>(0)
    let threads = CountingSemaphore(slots: 1)
    _ = threads.wait(timeout: .zero)
    #expect(!latch.isOpen)
    #expect(!latch.wait(timeout: .milliseconds(20)))
    // when
    withExtendedLifetime(latch) {
      for _ in 0..<3 {
        _ = Thread {
          if latch.wait(timeout: .seconds(10)) { passed.wrappingAdd(1, ordering: .relaxed) }
          threads.signal()
        }
      }
      latch.open()
      for _ in 0..<3 { #expect(threads.wait(timeout: .seconds(10))) }
    }
    // then
    #expect(passed.load(ordering: .relaxed) == 3)
    #expect(latch.isOpen)
    latch.open()
    #expect(latch.wait(timeout: .zero))
  }
}
