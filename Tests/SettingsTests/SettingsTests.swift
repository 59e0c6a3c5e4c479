import Domain
import Glibc
import Settings
import Testing

@Suite(.serialized) struct SettingsTests {
  private func load(_ text: String) async throws -> Settings {
    let path = "/tmp/petstore-settings-\(getpid())-\(UInt32.random(in: 0 ... .max)).env"
    defer { unlink(path) }
    let file = fopen(path, "w")
    fputs(text, file)
    fclose(file)
    return try await Settings.load(file: path)
  }

  @Test func `What a file does not say has its default`() async throws {
    let settings = try await load("WORKER_THREADS=3\nREDIS_DEADLINE_MS=75\n")
    #expect(settings.workerThreads == 3)
    #expect(settings.redisDeadline == .milliseconds(75))
    #expect(settings.pgPoolSize == 4)
    #expect(settings.contentLimitPerMinute == 0)
  }

  @Test func `A string may hold spaces and equals signs`() async throws {
    let settings = try await load("PG_DSN=host=/run/x dbname=petstore user=app\n")
    #expect(settings.pgDSN == "host=/run/x dbname=petstore user=app")
  }

  @Test func `The environment overrides the file`() async throws {
    setenv("WORKER_COUNT", "9", 1)
    defer { unsetenv("WORKER_COUNT") }
    #expect(try await load("WORKER_COUNT=5\n").workerCount == 9)
  }

  @Test func `Every mistake is named at once, with its fix`() async throws {
    do {
      _ = try await load("WORKER_THREADS=many\nPG_POOL_SIZE=0\nLOG_LEVEL=loud\n")
      Issue.record("the settings were taken")
    } catch let mistakes as Settings.Mistakes {
      #expect(mistakes.lines.count == 3)
      #expect(mistakes.lines.contains { $0.contains("WORKER_THREADS=many") && $0.contains("1 to 256") })
      #expect(mistakes.lines.contains { $0.contains("PG_POOL_SIZE=0") })
      #expect(mistakes.lines.contains { $0.contains("LOG_LEVEL=loud") && $0.contains("notice") })
    }
  }

  @Test func `A key that is no setting is a mistake that names the nearest one`() async throws {
    do {
      _ = try await load("# fine\n\nPG_POLSIZE=3\nworker_threads=3\nWORKER THREADS\nCOLOUR_OF_THE_KENNEL=red\n")
      Issue.record("the settings were taken")
    } catch let mistakes as Settings.Mistakes {
      #expect(
        mistakes.lines == [
          "line 3: PG_POLSIZE is no setting; did you mean PG_POOL_SIZE?",
          "line 4: worker_threads is no setting; did you mean WORKER_THREADS?",
          "line 5: 'WORKER THREADS' is no KEY=VALUE, and no comment, which begins with #",
          "line 6: COLOUR_OF_THE_KENNEL is no setting; petstore.env(5) has all",
        ])
    }
  }

  @Test func `Workers on all hosts are those of this one until somebody says otherwise`() async throws {
    #expect(try await load("AUTH_WORKERS=3\nCONTENT_WORKERS=5\n").workerCount == 8)
    #expect(try await load("AUTH_WORKERS=3\nWORKER_COUNT=20\n").workerCount == 20)
  }

  @Test func `Redis is a socket, an address, or what the sentinels say`() async throws {
    #expect(try await load("").redisServers == .one(.socket("/run/redis-petstore/redis-server.sock")))
    #expect(try await load("REDIS_SOCKET=/x\n").redisServers == .one(.socket("/x")))
    #expect(
      try await load("REDIS_SOCKET=/x\nREDIS_ADDRESS=10.0.0.5:6379\n").redisServers
        == .one(.network(host: "10.0.0.5", port: 6_379)))
    #expect(
      try await load("REDIS_SENTINELS=10.0.0.5:26379, [fd00::6]:26379,/run/s.sock\n").redisServers
        == .sentinels(
          [.network(host: "10.0.0.5", port: 26_379), .network(host: "fd00::6", port: 26_379), .socket("/run/s.sock")],
          master: "petstore"))
    #expect(
      try await load("REDIS_SENTINELS=a:1\nREDIS_SENTINEL_MASTER=pets\n").redisServers
        == .sentinels([.network(host: "a", port: 1)], master: "pets"))
  }

  @Test func `Mistakes about Redis's place and the standby are named with their fix`() async {
    for (text, words) in [
      ("REDIS_ADDRESS=10.0.0.5\n", "REDIS_ADDRESS=10.0.0.5: write host:port"),
      ("REDIS_SENTINELS=10.0.0.5:26379,10.0.0.6\n", "REDIS_SENTINELS: 10.0.0.6: write host:port"),
      ("REDIS_SENTINELS=a:1\nREDIS_ADDRESS=a:2\n", "both set"),
      ("PG_REPLICA_MAX_LAG_MS=0\n", "100 to 600000"),
    ] {
      do {
        _ = try await load(text)
        Issue.record("taken: \(text)")
      } catch let mistakes as Settings.Mistakes {
        #expect(mistakes.lines.contains { $0.contains(words) }, "\(mistakes.lines)")
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  @Test func `A file that was named must be there`() async {
    await #expect(throws: Settings.Mistakes.self) { try await Settings.load(file: "/nowhere/petstore.env") }
  }

  @Test func `Secrets come from credential files and do not print`() async throws {
    let folder = "/tmp/petstore-credentials-\(getpid())"
    mkdir(folder, 0o700)
    let file = fopen(folder + "/redis-password", "w")
    fputs("hunter2-canary\n", file)
    fclose(file)
    setenv("CREDENTIALS_DIRECTORY", folder, 1)
    defer {
      unsetenv("CREDENTIALS_DIRECTORY")
      unlink(folder + "/redis-password")
      rmdir(folder)
    }
    let settings = try await load("")
    #expect(settings.redisPassword?.exposed == "hunter2-canary")
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!dumped.contains("canary"))
  }

  @Test func `The example file explains every setting and no other`() throws {
    let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/systemd/petstore.env.example"
    var text = ""
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 4_096)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      text += String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    var named: Set<String> = []
    for line in text.split(separator: "\n") {
      let bare = line.drop { $0 == "#" || $0 == " " }
      guard let equals = bare.firstIndex(of: "=") else { continue }
      let key = bare[..<equals]
      if key.count > 3, key.allSatisfy({ $0.isUppercase || $0 == "_" }) { named.insert(String(key)) }
    }
    #expect(named == Set(Settings.keys))
  }
}
