// Who draws a picture: the tenant's providers of pictures in their order. There is no engine of our own behind them.

public import Crypto
public import Domain
import FoundationEssentials
import HTTP
import Host
public import Logging
import Outbound
public import Providers
public import Store

/// Draws pictures, for calls and for jobs.
public struct ImageStudio: Sendable {
  private let chain: ProviderChain
  private let database: Database
  private let master: MasterKey
  private let flags: FeatureFlagBoard
  private let log: Logger

  public init(database: Database, master: MasterKey, chain: ProviderChain, flags: FeatureFlagBoard, log: Logger) {
    self.flags = flags
    self.database = database
    self.master = master
    self.chain = chain
    self.log = log
  }

  /// Whether a provider takes its key.
  func check(_ provider: ImageProvider) -> ProviderFault? { chain.images.check(provider) }

  /// Asks the tenant's providers, those of the wished kind first, until one has drawn.
  ///
  /// - Returns: the answer: ImageGenerationResponse of the API.
  /// - Throws: `switchedOff`, `noImageProvider`, `providerFailed`; `unavailable` where too many wait already, or the process stops.
  func draw(_ order: ImageOrder, for tenant: ID<Tenant>) throws -> JSON {
    let began = HostClock.monotonicNanoseconds()
    guard flags.current.isOn(.images) else { throw Problem.switchedOff("Pictures") }
    let records = try database.providers(.image, of: tenant).filter { $0.isEnabled && $0.status != .invalidKey }
    let ordered = records.filter { $0.kind == order.kind } + records.filter { $0.kind != order.kind }
    let providers = ordered.compactMap { ImageProvider($0, master) }
    guard !providers.isEmpty else { throw Problem.noImageProvider }
    var warnings = order.warnings
    if providers.first?.kind.rawValue != order.kind {
      warnings.append("There is no provider \(order.kind); another was asked.")
    }
    var uses: [ProviderUse] = []
    defer { note(uses, of: tenant) }
    let drawn = chain.withSlot { () -> (ImageProvider, Result<ImageOutcome, ProviderFault>) in
      var last: (ImageProvider, ProviderFault) = (providers[0], .timedOut)
      for provider in providers {
        let asked = HostClock.monotonicNanoseconds()
        func milliseconds() -> Int { Int((HostClock.monotonicNanoseconds() - asked) / 1_000_000) }
        do throws(ProviderFault) {
          let outcome = try chain.images.draw(order.task, by: provider)
          uses.append(ProviderUse(provider, outcome.nanodollars, nil, milliseconds()))
          return (provider, .success(outcome))
        } catch {
          if error.outcome != nil { uses.append(ProviderUse(provider, 0, error, milliseconds())) }
          warnings.append("The provider \(provider.name) was of no use: \(error.description).")
          last = (provider, error)
          if error == .abandoned { break }
        }
      }
      return (last.0, .failure(last.1))
    }
    guard let (provider, result) = drawn else { throw Problem.unavailable(retryAfter: 5) }
    switch result {
    case .success(let outcome):
      return answer(
        order, outcome, provider, warnings, seconds: Double(HostClock.monotonicNanoseconds() - began) / 1e9)
    case .failure(.abandoned): throw Problem.unavailable(retryAfter: 1)
    case .failure: throw Problem.providerFailed(warnings.joined(separator: " "))
    }
  }

  private func answer(
    _ order: ImageOrder, _ outcome: ImageOutcome, _ provider: ImageProvider, _ warnings: [String], seconds: Double
  ) -> JSON {
    [
      "success": true,
      "images": .array(
        outcome.images.map { made in
          [
            "image_id": .string(ID<ImageJob>.random().description), "image_data": .string(made.picture.dataURL),
            "image_url": nil, "format": .string(made.picture.format.rawValue),
            "width": made.picture.size.map { .integer($0.width) } ?? .null,
            "height": made.picture.size.map { .integer($0.height) } ?? .null,
            "size_bytes": .integer(made.picture.bytes.count), "seed": made.seed.map { .integer($0) } ?? .null,
            "revised_prompt": JSON(made.revisedPrompt), "alt_text": .string(String(order.task.prompt.prefix(125))),
            "tags": JSON(order.tags),
          ]
        }),
      "provider": .string(provider.name), "provider_type": .string(provider.kind.rawValue),
      "model": .string(outcome.model), "prompt": .string(order.task.prompt),
      "generation_time_seconds": .number(seconds),
      "cost": ProviderAnswer.dollars(outcome.nanodollars), "warnings": JSON(warnings + outcome.warnings),
      "created_at": Timestamp.json(HostClock.wallSeconds()),
    ]
  }

  private func note(_ uses: [ProviderUse], of tenant: ID<Tenant>) {
    do {
      try database.noteProviderUses(uses, of: tenant)
    } catch {
      log.error("requests to providers of pictures are missing from the books", metadata: ["reason": "\(error)"])
    }
  }

  /// Draws the picture of a job: for petstore watch.
  ///
  /// - Parameter request: the request as ``ImageOrder/json`` gave it.
  /// - Returns: the answer as JSON, or what went wrong; nil if it is to be tried again later.
  public func draw(request: [UInt8], for tenant: ID<Tenant>) -> Result<String, BatchFailure>? {
    do {
      var body = RequestBody(try JSON(parsing: request), at: [])
      let order = ImageOrder(&body)
      try body.check()
      return .success(String(decoding: try draw(order, for: tenant).encoded(), as: UTF8.self))
    } catch Problem.unavailable, Problem.switchedOff {
      return nil
    } catch let problem as Problem {
      return .failure(BatchFailure(problem.detail))
    } catch {
      log.warning("a picture waits", metadata: ["reason": "\(error)"])
      return nil
    }
  }
}

extension ImageProvider {
  /// nil where the record cannot be used.
  init?(_ record: ProviderRecord, _ master: MasterKey) {
    guard let kind = ImageProviderKind(rawValue: record.kind), let server = ServerURL(record.baseURL),
      let key = record.key(master)
    else { return nil }
    self.init(name: record.name, kind: kind, server: server, model: record.model, key: key)
  }
}

extension ProviderUse {
  init(_ provider: ImageProvider, _ nanodollars: Int, _ fault: ProviderFault?, _ milliseconds: Int) {
    self.init(
      purpose: .image, provider: provider.name, kind: provider.kind.rawValue, model: provider.model,
      outcome: fault.map { $0.outcome ?? .failed } ?? .succeeded, error: fault?.description, inputTokens: 0,
      outputTokens: 0, nanodollars: nanodollars, milliseconds: milliseconds)
  }
}
