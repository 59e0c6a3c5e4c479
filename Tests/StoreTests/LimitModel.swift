// What admit.lua must say, computed the slow and obvious way: all stamps in a list, every window counted anew.

import Domain

/// A brute-force model of one ring.
struct LimitModel {
  /// Microseconds, oldest first.
  var stamps: [Int] = []
  /// How far the clock has been put back in all.
  var offset = 0
  private var shape: [Int] = []
  private var capacity = 0

  /// Whether a window holds its quota at `now`, in µs.
  static func isFull(_ policy: LimitPolicy, _ stamps: [Int], at now: Int) -> Bool {
    stamps.count { $0 <= now && now - $0 < policy.seconds * 1_000_000 } >= policy.quota
  }

  /// Decides and counts.
  mutating func admit(_ policies: [LimitPolicy], clock: Int) -> LimitDecision {
    // The ring keeps as many stamps as its largest quota; a ring of another shape keeps the newest of them.
    let lengths = policies.map(\.seconds)
    let largest = policies.map(\.quota).max() ?? 1
    var kept = stamps
    var room = capacity
    if lengths != shape || largest > capacity {
      room = largest
      kept = Array(stamps.suffix(min(max(capacity, 0), largest)))
    }
    let stepped = clock + offset < (stamps.last ?? 0)
    let now = max(clock + offset, stamps.last ?? 0)
    var decision = LimitDecision(violated: [], windows: [])
    for policy in policies {
      let length = policy.seconds * 1_000_000
      let inside = kept.filter { now - $0 < length }
      func seconds(untilLeaves stamp: Int) -> Int { (stamp + length - now + 999_999) / 1_000_000 }
      if inside.count >= policy.quota {
        decision.violated.append(policy.name)
        let leaving = inside[inside.count - policy.quota]
        decision.windows.append(
          WindowState(remaining: 0, reset: seconds(untilLeaves: leaving)))
      } else {
        decision.windows.append(
          WindowState(
            remaining: policy.quota - inside.count,
            reset: inside.first.map(seconds(untilLeaves:)) ?? 0))
      }
    }
    if decision.isAdmitted {
      for index in policies.indices {
        decision.windows[index].remaining -= 1
        if decision.windows[index].reset == 0 {
          decision.windows[index].reset = policies[index].seconds
        }
      }
      kept.append(now)
    }
    if decision.isAdmitted || stepped {
      (stamps, shape, capacity) = (Array(kept.suffix(room)), lengths, room)
      offset = now - clock
    }
    return decision
  }
}
