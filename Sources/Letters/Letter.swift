// A letter is written once, as a list of blocks, and shown twice: as plain text and as HTML. So the two say the same,
// and there is one place where values are escaped.

/// A letter that a program sends to a person, ready for its envelope.
public struct Letter: Sendable, Equatable {
  /// One line.
  public let subject: String
  /// Lines of at most 72 characters where words allow, ended by line feeds.
  public let text: String
  /// A whole HTML document with inline style, no script and nothing loaded from anywhere.
  public let html: String
}

/// Every letter there is, each in a file of its own.
public enum Letters {}

/// What a letter is made of.
enum Block {
  case paragraph(String)
  /// The one thing to do.
  case button(String, link: String)
  /// Something to copy: a code.
  case code(String)
  /// Something to run: lines of a shell command.
  case command([String])
  /// Said more quietly: what to do if it was not you.
  case note(String)
}

extension Letter {
  /// - Parameters:
  ///   - publicURL: where the service is, without a slash at its end.
  ///   - blocks: plain text throughout; whatever it holds is shown as it is.
  init(_ subject: String, publicURL: String, _ blocks: [Block]) {
    let ending = "PetStore Direct wrote this letter by itself. Nobody reads answers to it."
    self.subject = subject
    text = PlainText.render(blocks, ending: [ending, publicURL])
    html = HTML.render(subject: subject, blocks, ending: ending, publicURL: publicURL)
  }
}
