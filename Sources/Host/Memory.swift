import CHost

/// The memory of this process.
public enum HostMemory {
  /// Gives large blocks back to the system as soon as they are freed. To be called before the first thread is made.
  public static func returnLargeBlocks() { petstore_return_large_blocks() }
}
