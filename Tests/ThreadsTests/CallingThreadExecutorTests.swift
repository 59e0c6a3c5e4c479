import Glibc
import Testing
import Threads

@Suite struct CallingThreadExecutorTests {
  private struct Refused: Error {}

  @Test func `All of an asynchronous function runs on the thread that waits for it`() throws {
    // given: a function that gives way and calls others
    let own = pthread_self()
    @Sendable func step() async -> pthread_t {
      await Task.yield()
      return pthread_self()
    }
    // when
    let threads = try CallingThreadExecutor.wait {
      async let beside = step()
      let before = pthread_self()
      await Task.yield()
      return await [before, step(), beside, pthread_self()]
    }
    // then
    #expect(threads == [own, own, own, own])
  }

  @Test func `What it throws is thrown`() {
    #expect(throws: Refused.self) {
      try CallingThreadExecutor.wait { () async throws -> Int in
        await Task.yield()
        throw Refused()
      }
    }
  }
}
