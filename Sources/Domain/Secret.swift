/// A value that must not reach a log, an error text or a debugger's print-out. Reading it takes a word: `exposed`.
public struct Secret<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  public let exposed: Value

  public init(_ value: Value) { exposed = value }

  public var description: String { "<secret>" }
  public var debugDescription: String { "<secret>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
