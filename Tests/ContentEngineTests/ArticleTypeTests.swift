import Testing

@testable import ContentEngine

@Suite struct ArticleTypeTests {
  private func headings(_ topic: String, words: Int = 500) -> [String] {
    ContentEngine.write(Brief(topic: topic, wordCountTarget: words), seed: 5).content.split(separator: "\n")
      .filter { $0.hasPrefix("#") }.map(String.init)
  }

  @Test(arguments: [
    ("Labrador Retriever breed profile", ArticleType.breedProfile), ("Maine Coon", .breedProfile),
    ("Siamese cat temperament", .breedProfile), ("All about the Golden Retriever", .breedProfile),
    ("Labrador dental care", .careGuide), ("best food for labrador puppies", .buyingGuide),
    ("golden hamster care", .careGuide), ("FAQ about guinea pig care", .faq),
    ("Frequently asked questions on betta fish", .faq),
    ("Product description: orthopedic dog bed", .productDescription),
    ("Product description for a cat litter box", .productDescription), ("How to train a puppy", .howTo),
    ("dog vs cat food", .comparison), ("Dry or wet food for cats", .comparison),
    ("signs of dental disease in dogs", .signsOf),
  ])
  func aTopicHasItsType(topic: String, type: ArticleType) { #expect(Topic(topic: topic, keywords: []).type == type) }

  @Test func whatAsksForTheTypeIsNoPartOfTheSubject() {
    #expect(Topic(topic: "Product description for a cat litter box", keywords: []).text == "cat litter box")
    #expect(Topic(topic: "FAQ about guinea pig care", keywords: []).text == "guinea pig care")
    #expect(Topic(topic: "FAQ", keywords: []).text == "FAQ")
    #expect(headings("FAQ about guinea pig care").first?.hasPrefix("# Guinea Pig Care: ") == true)
  }

  @Test func aProfileKnowsItsBreed() {
    let article = ContentEngine.write(Brief(topic: "Labrador Retriever breed profile", wordCountTarget: 500), seed: 5)
    #expect(article.content.contains("| Weight | 25–36 kg |"))
    #expect(article.content.contains("live to retrieve"))
    // What is said of other sizes is not said of it.
    #expect(!article.content.contains("Small breeds") && !article.content.contains("giant breeds"))
    #expect(!article.warnings.contains { $0.contains("breed") })
    #expect(abs(article.wordCount - 500) <= 50)
  }

  @Test func aContractionBeginsWithAWord() {
    let voice = Voice(tone: .casual, topic: Topic(topic: "rabbit care", keywords: []))
    #expect(
      voice.say("The weight of a rabbit is 2 kg and it is stable.") == "The weight of a rabbit is 2 kg and it's stable."
    )
    #expect(Topic(topic: "dog food labels explained", keywords: []).breed == nil)
    #expect(Topic(topic: "beagles and food", keywords: []).breed?.name == "Beagle")
  }

  @Test(arguments: [
    ("Cockatiel", "cockatiels"), ("Puppy", "puppies"), ("Dog", "dogs"),
    ("Setting up a betta tank", "setting up a betta tank"),
    ("Training collar for dogs", "a training collar for dogs"), ("Goldfish", "goldfish"),
  ])
  func aSubjectReadsWithinASentence(topic: String, subject: String) {
    #expect(Topic(topic: topic, keywords: []).subject == subject)
  }

  @Test func anOldDogIsToldNothingOfPuppies() {
    let content = ContentEngine.write(Brief(topic: "Pet insurance for older dogs", wordCountTarget: 900), seed: 2)
      .content
    #expect(!content.lowercased().contains("pupp") && !content.contains("first heat"))
  }

  @Test func aBreedThatNobodyKnowsIsToldSo() {
    let article = ContentEngine.write(Brief(topic: "Pomeranian breed profile"), seed: 5)
    #expect(article.warnings.contains { $0.contains("No facts on this breed are known") })
  }

  @Test func questionsMakeAnFAQ() {
    let article = ContentEngine.write(Brief(topic: "Dog feeding FAQ", wordCountTarget: 700), seed: 5)
    #expect(article.questions.count >= 8)
    #expect(article.content.components(separatedBy: "## Frequently Asked Questions").count == 2)
    let asked = ContentEngine.write(Brief(topic: "Dog feeding FAQ", includeFAQ: true, wordCountTarget: 700), seed: 5)
    #expect(asked.content.components(separatedBy: "## Frequently Asked Questions").count == 2)
  }

  @Test func aProductIsDescribedWithoutInventingIt() {
    let article = ContentEngine.write(
      Brief(topic: "Product description: orthopedic dog bed", wordCountTarget: 400), seed: 5)
    #expect(article.title == "Orthopedic Dog Bed: What It Offers" || article.title.hasPrefix("Orthopedic Dog Bed: "))
    #expect(article.warnings.contains { $0.contains("and not this one") })
    #expect(headings("Product description: orthopedic dog bed").contains("## Safe Use"))
  }

  @Test func everyBreedIsWhole() {
    let breeds = KnowledgeBase.shared.breeds
    #expect(breeds.count == KnowledgeBase.lines(KnowledgeText.file("breeds")).count)
    #expect(breeds.count >= 35)
    #expect(Set(breeds.map(\.name)).count == breeds.count)
    for breed in breeds {
      for sentence in [breed.character, breed.care, breed.health] {
        #expect(sentence.hasSuffix(".") && sentence.first?.isUppercase == true, "\(breed.name): \(sentence)")
      }
      #expect(breed.weight.hasSuffix(" kg") && breed.lifespan.hasSuffix(" years"), "\(breed.name)")
      #expect(Topic(topic: "\(breed.name) breed profile", keywords: []).breed?.name == breed.name)
    }
  }
}

extension String {
  fileprivate func components(separatedBy part: String) -> [Substring] {
    split(separator: part, omittingEmptySubsequences: false)
  }
}
