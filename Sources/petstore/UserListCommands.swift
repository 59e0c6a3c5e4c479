// `petstore user list` and `show`: accounts as administrators see them.

import API
import ArgumentParser
import Domain
import Host
import Settings
import Store

extension UserCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print accounts, newest first: address, role, tier, state, when made, company.")

    @OptionGroup var common: CommonOptions
    @Option(help: "Only those with this in their e-mail address or company name.") var query: String?
    @Option(help: "Only this role: admin, premium, standard or free.") var role: String?
    @Option(help: "Only this tier: free, standard or premium.") var tier: String?
    @Option(help: "Only active ones (true) or only suspended ones (false).") var active: String?

    func run() throws {
      let settings = try common.load()
      var filter = UserFilter(text: query)
      filter.role = try role.map(UserCommand.role)
      filter.tier = try tier.map(UserCommand.tier)
      if let active {
        guard let wanted = Bool(active) else { throw ExitWithMessage("--active \(active): write true or false") }
        filter.isActive = wanted
      }
      let database = settings.database()
      var cursor: PageCursor<User>?
      repeat {
        let page = try database.users(filter, after: cursor, limit: 200, settings.accountTerms)
        for user in page.users {
          let profile = user.profile
          let state = profile.isActive ? "active" : user.eraseAt == nil ? "suspended" : "leaving"
          StandardStream.output.write(
            "\(profile.email) \(profile.role.rawValue) \(profile.tier.rawValue) \(state)"
              + " \(Timestamp.text(profile.createdAt)) \(profile.companyName)\n")
        }
        cursor = page.next
        if cursor == nil { StandardStream.error.write("\(page.total) \(page.total == 1 ? "account" : "accounts")\n") }
      } while cursor != nil
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print what there is to know of an account.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String

    func run() throws {
      let settings = try common.load()
      let database = settings.database()
      let user = try UserCommand.findingAccount(email) { email in
        try database.user(try database.userID(of: email), settings.accountTerms)
      }
      let profile = user.profile
      let lines: [(String, String)] = [
        ("email", profile.email + (profile.emailIsVerified ? "" : " (not verified)")),
        ("user_id", profile.userID.description), ("company", profile.companyName),
        ("role", profile.role.rawValue), ("tier", profile.tier.rawValue),
        ("state", profile.isActive ? "active" : "suspended"),
        ("erased_at", user.eraseAt.map(Timestamp.text) ?? "-"),
        ("second_factor", profile.hasSecondFactor ? "on" : "off"),
        (
          "limits",
          "\(profile.limits.perMinute) a minute, \(profile.limits.perHour) an hour, \(profile.limits.perDay) a day,"
            + " \(profile.limits.concurrent) articles at once"
        ),
        ("sessions", String(user.sessions)), ("api_keys", String(user.keys)),
        ("made_at", Timestamp.text(profile.createdAt)), ("changed_at", Timestamp.text(profile.updatedAt)),
        ("last_login_at", user.lastLoginAt.map(Timestamp.text) ?? "-"),
      ]
      for (name, value) in lines { StandardStream.output.write("\(name) \(value)\n") }
    }
  }
}
