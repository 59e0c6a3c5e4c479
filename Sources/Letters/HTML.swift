/// A letter as HTML: one column, the colours of docs/style.css, inline style only, since mail programs take away the
/// rest.
enum HTML {
  private static let paper = "#fffdf9"
  private static let ink = "#23221f"
  private static let faint = "#6a665e"
  private static let line = "#e4ded2"
  private static let codePaper = "#f5f0e6"
  private static let accent = "#8a4b12"
  private static let mono = "font-family:ui-monospace,Menlo,Consolas,monospace"

  static func render(subject: String, _ blocks: [Block], ending: String, publicURL: String) -> String {
    let body = blocks.map(render).joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light">
      <title>\(escape(subject))</title>
      </head>
      <body style="margin:0;padding:0;background:\(paper)">
      <div style="max-width:34rem;margin:0 auto;padding:24px 18px;background:\(paper);color:\(ink);\
      font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.6">
      <p style="margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid \(line);font-weight:650">PetStore Direct</p>
      <h1 style="margin:0 0 12px;font-size:24px;line-height:1.3;font-weight:650">\(escape(subject))</h1>
      \(body)
      <p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid \(line);color:\(faint);font-size:14px">
      \(escape(ending))<br>
      <a href="\(escape(publicURL))/docs/" style="color:\(accent)">\(escape(publicURL))</a></p>
      </div>
      </body>
      </html>

      """
  }

  private static func render(_ block: Block) -> String {
    switch block {
    case .paragraph(let words):
      return "<p style=\"margin:12px 0\">\(escape(words))</p>"
    case .button(let words, let link):
      return """
        <p style="margin:20px 0"><a href="\(escape(link))" style="display:inline-block;padding:10px 20px;\
        border-radius:8px;background:\(accent);color:#ffffff;font-weight:600;text-decoration:none">\
        \(escape(words))</a></p>
        """
    case .code(let code):
      return """
        <p style="margin:12px 0;padding:10px 14px;border:1px solid \(line);border-radius:8px;background:\(codePaper);\
        \(mono);font-size:15px;overflow-wrap:anywhere">\(escape(code))</p>
        """
    case .command(let lines):
      return """
        <pre style="margin:12px 0;padding:10px 14px;border:1px solid \(line);border-radius:8px;background:\(codePaper);\
        \(mono);font-size:13px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere">\
        \(lines.map(escape).joined(separator: "\n"))</pre>
        """
    case .note(let words):
      return """
        <p style="margin:20px 0 12px;padding-left:14px;border-left:3px solid \(accent);color:\(faint)">\
        \(escape(words))</p>
        """
    }
  }

  /// The one place where text becomes HTML; good for content and for values in double quotes.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
