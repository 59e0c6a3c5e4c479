// Letters on their way: from the outbox to the mail relay, or into a folder where there is none.

import Domain
import Host
import Letters
import Outbound
import Settings
import Store

/// Writes the words of letters and hands them over.
struct Courier: Sendable {
  private let publicURL: String
  private let from: Mailbox?
  private let folder: String?
  private let relay: MailRelay

  init(_ settings: Settings) {
    publicURL = settings.publicURL
    from = Mailbox(settings.mailFrom)
    folder = settings.mailDirectory.isEmpty ? nil : settings.mailDirectory
    relay = MailRelay(
      url: settings.smtpURL, username: settings.smtpUsername.isEmpty ? nil : settings.smtpUsername,
      password: settings.smtpPassword?.exposed,
      security: MailRelay.Security(rawValue: settings.smtpSecurity) ?? .required,
      caFile: settings.smtpCAFile.isEmpty ? nil : settings.smtpCAFile, timeout: .seconds(10))
  }

  /// Hands a letter over and returns once somebody else has taken charge of it.
  func deliver(_ letter: OutgoingLetter) throws(DeliveryFailure) {
    guard let from else { throw DeliveryFailure(isPermanent: false, reason: "MAIL_FROM is no address") }
    guard let to = Mailbox(address: letter.recipient),
      let id = MessageID(letter: letter.id.description, sender: from)
    else { throw DeliveryFailure(isPermanent: true, reason: "the recipient's address cannot be written to") }
    let words = words(of: letter)
    let message = MailMessage(
      id: id, date: Int64(letter.createdAt), from: from, to: to, subject: words.subject, text: words.text,
      html: words.html)
    if let folder {
      do {
        try Files.makeFolder(folder)
        try Files.write(message.bytes, to: "\(folder)/\(letter.id).eml")
      } catch {
        throw DeliveryFailure(isPermanent: false, reason: "\(error)")
      }
      return
    }
    do {
      try relay.send(message.bytes, from: from.address, to: to.address)
    } catch {
      throw DeliveryFailure(isPermanent: error.isPermanent, reason: error.reason)
    }
  }

  private func words(of letter: OutgoingLetter) -> Letter {
    let code = letter.code?.exposed ?? ""
    let hours = letter.codeLife / 3_600
    let address = letter.parameters["address"] ?? "an unknown address"
    switch letter.kind {
    case .verifyEmail:
      return Letters.verifyEmail(company: letter.company, code: code, hours: hours, publicURL: publicURL)
    case .resetPassword where letter.parameters["reason"] == "administrator":
      return Letters.passwordReset(code: code, minutes: letter.codeLife / 60, publicURL: publicURL)
    case .resetPassword:
      return Letters.resetPassword(
        code: code, minutes: letter.codeLife / 60, address: address, publicURL: publicURL)
    case .invitation:
      return Letters.invitation(company: letter.company, code: code, hours: hours, publicURL: publicURL)
    case .confirmNewEmail:
      return Letters.confirmNewEmail(code: code, hours: hours, publicURL: publicURL)
    case .passwordChanged:
      return Letters.passwordChanged(when: Int64(letter.createdAt), address: address, publicURL: publicURL)
    case .emailChanged:
      return Letters.emailChanged(to: letter.parameters["new"] ?? "", publicURL: publicURL)
    case .emailInUse: return Letters.emailInUse(publicURL: publicURL)
    case .accountDeleted: return Letters.accountDeleted(publicURL: publicURL)
    case .sessionsEnded:
      return Letters.sessionsEnded(
        letter.parameters["reason"] == "administrator" ? .administrator : .refreshTokenReused,
        publicURL: publicURL)
    case .secondFactorChanged:
      return Letters.secondFactorChanged(
        letter.parameters["what"] == "enabled" ? .turnedOn : .turnedOff, publicURL: publicURL)
    }
  }
}
