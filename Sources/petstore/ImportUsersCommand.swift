// `petstore user import`: accounts of the earlier Python service, with their bcrypt hashes. A line that cannot be
// taken is reported and does not stop the others; a line that was taken before is skipped, so that an import can be
// run again after its mistakes are mended.

import ArgumentParser
import Crypto
import Domain
import HTTP
import Host
import Settings
import Store

extension UserCommand {
  struct ImportUsers: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Take accounts of the earlier service in.",
      discussion: """
        FILE is CSV with a header line, or JSON lines, with the members email, password_hash, company_name, and \
        optionally subscription_tier and role. Hashes are bcrypt ($2a$, $2b$, $2y$) or Argon2id; a bcrypt hash is \
        replaced at its owner's first login.
        """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "FILE.csv or FILE.jsonl") var file: String
    @Option(help: "Where to write the refused lines; standard error without it.") var report: String?

    func run() throws {
      let settings = try common.load()
      let text: [UInt8]
      do {
        text = try Files.read(file, limit: 1 << 30)
      } catch {
        throw ExitWithMessage("\(error)")
      }
      let records: [ImportedLine]
      if file.hasSuffix(".jsonl") {
        records = ImportedLine.jsonLines(text)
      } else if file.hasSuffix(".csv") {
        records = try ImportedLine.csv(text)
      } else {
        throw ExitWithMessage("\(file): the name must end in .csv or .jsonl")
      }
      let database = settings.database()
      var (taken, skipped) = (0, 0)
      var refused: [String] = []
      for (index, line) in records.enumerated() {
        do throws(ImportedLine.Refusal) {
          try add(line, to: database)
          taken += 1
        } catch {
          if error.isKnownAccount {
            skipped += 1
          } else {
            refused.append("line \(line.number): \(error.reason)")
          }
        }
        if (index + 1) % 1_000 == 0 {
          StandardStream.error.write("\(index + 1) of \(records.count) lines\n")
        }
      }
      let lines = refused.map { $0 + "\n" }.joined()
      if let report {
        try Files.write(Array(lines.utf8), to: report)
      } else {
        StandardStream.error.write(lines)
      }
      StandardStream.output.write(
        "\(taken) imported, \(skipped) known already, \(refused.count) refused\n")
      if !refused.isEmpty { throw ExitCode(1) }
    }

    private func add(_ line: ImportedLine, to database: Database) throws(ImportedLine.Refusal) {
      let account = try line.account()
      do {
        _ = try database.addAccount(account, key: nil, action: .accountImported, by: .operatorAtHost)
      } catch AccountRefusal.emailTaken {
        throw .init("the account is known", isKnownAccount: true)
      } catch {
        throw .init("\(error)")
      }
    }
  }
}

/// One line of an import file.
struct ImportedLine {
  /// Why a line is not taken.
  struct Refusal: Error {
    let reason: String
    let isKnownAccount: Bool

    init(_ reason: String, isKnownAccount: Bool = false) {
      self.reason = reason
      self.isKnownAccount = isKnownAccount
    }
  }

  /// Counted from 1, as editors do.
  let number: Int
  let members: [String: String]
  var fault: String?

  func account() throws(Refusal) -> NewAccount {
    if let fault { throw Refusal(fault) }
    guard let email = members["email"].flatMap({ EmailAddress($0) }) else {
      throw Refusal("email is missing or not an address")
    }
    guard let hash = members["password_hash"].flatMap({ PasswordHash($0) }) else {
      throw Refusal("password_hash of \(email) is missing or of an unknown form")
    }
    guard let company = members["company_name"].flatMap({ DisplayName($0, limit: 200) }) else {
      throw Refusal("company_name of \(email) is missing or not a name")
    }
    let tierText = members["subscription_tier"] ?? ""
    guard let tier = tierText.isEmpty ? .free : Tier(rawValue: tierText) else {
      throw Refusal("subscription_tier '\(tierText)' of \(email) is none of free, standard, premium")
    }
    let roleText = members["role"] ?? ""
    guard let role = roleText.isEmpty ? Role(rawValue: tier.rawValue) : Role(rawValue: roleText)
    else { throw Refusal("role '\(roleText)' of \(email) is not known") }
    return NewAccount(
      email: email, passwordHash: hash, companyName: company, tier: tier, role: role)
  }

  /// JSON lines; blank ones are passed over.
  static func jsonLines(_ text: [UInt8]) -> [ImportedLine] {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      guard line.contains(where: { $0 > 0x20 }) else { return nil }
      do {
        guard case .object(let members) = try JSON(parsing: Array(line)) else {
          return ImportedLine(number: index + 1, members: [:], fault: "not a JSON object")
        }
        var values: [String: String] = [:]
        for member in members {
          if case .string(let value) = member.value { values[member.name] = value }
        }
        return ImportedLine(number: index + 1, members: values)
      } catch {
        return ImportedLine(number: index + 1, members: [:], fault: "not valid JSON")
      }
    }
  }

  /// CSV with a header line (RFC 4180): quoted fields may hold commas, line ends and doubled quotes.
  static func csv(_ text: [UInt8]) throws -> [ImportedLine] {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw ExitWithMessage("the file is not UTF-8")
    }
    let table = rows(string)
    guard let header = table.first, header.fields.contains("email") else {
      throw ExitWithMessage("the first line must name the columns: email,password_hash,company_name,…")
    }
    return table.dropFirst().compactMap { row in
      if row.fields == [""] { return nil }
      guard row.fields.count == header.fields.count else {
        return ImportedLine(
          number: row.number, members: [:],
          fault: "\(row.fields.count) fields where the header has \(header.fields.count)")
      }
      return ImportedLine(
        number: row.number,
        members: Dictionary(zip(header.fields, row.fields)) { first, _ in first })
    }
  }

  private static func rows(_ text: String) -> [(number: Int, fields: [String])] {
    var rows: [(number: Int, fields: [String])] = []
    var fields: [String] = []
    var field = ""
    var quoted = false
    var (line, start) = (1, 1)
    var characters = text.makeIterator()
    var pending: Character?
    func next() -> Character? {
      defer { pending = nil }
      return pending ?? characters.next()
    }
    while let character = next() {
      if character.isNewline { line += 1 }
      switch character {
      case "\"" where quoted:
        let following = characters.next()
        if following == "\"" {
          field.append("\"")
        } else {
          quoted = false
          pending = following
        }
      case "\"" where field.isEmpty: quoted = true
      case "," where !quoted:
        fields.append(field)
        field = ""
      case _ where character.isNewline && !quoted:
        rows.append((start, fields + [field]))
        (fields, field, start) = ([], "", line)
      default: field.append(character)
      }
    }
    if !field.isEmpty || !fields.isEmpty { rows.append((start, fields + [field])) }
    return rows
  }
}
