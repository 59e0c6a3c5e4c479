// Words that carry a sentence and no subject. They follow the groups of English grammar; by and large they are those of
// the SMART retrieval system (G. Salton, Cornell, 1971), which keyword extraction has used ever since.

/// English words that begin and end no keyword.
enum StopWords {
  static func contains(_ lower: String) -> Bool { all.contains(lower) }

  private static let all: Set<String> = Set(groups.flatMap { $0.split(separator: " ").map(String.init) })

  private static let groups = [
    // letters
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    // pronouns and determiners
    """
    all another any anybody anyone anything both each either every everybody everyone everything few he her hers \
    herself him himself his it its itself many me most much my myself neither nobody none noone nothing one ones \
    other others our ours ourselves own same several she some somebody someone something such that thats the their \
    theirs them themselves these they this those us we what whatever which who whoever whom whose you your \
    yours yourself yourselves an no certain various somewhat
    """,
    // prepositions
    """
    about above across after against along among amongst around as aside at away before behind below \
    beside besides between beyond by concerning despite down during except for from in into near of off \
    on onto out outside over per plus regarding since than through throughout thru to together toward \
    towards under unless until unto up upon via vs with within without considering containing following \
    wherein
    """,
    // conjunctions
    "although and because but if lest nor or so though whereas whether while whereby whereupon",
    // adverbs of place, time, degree and link
    """
    accordingly actually again almost alone already also always anyhow anyway anyways anywhere apart \
    awfully best better clearly consequently currently definitely \
    downwards else elsewhere enough entirely especially even ever everywhere exactly far \
    first former formerly forth further furthermore greetings hardly hence \
    hereafter hereby herein hereupon here hither hopefully how howbeit however immediate indeed \
    instead inward just lately later latter latterly least less likely little ltd mainly \
    maybe meanwhile merely more moreover mostly namely nearly necessary never nevertheless new next \
    normally not novel now nowhere obviously often oh ok okay old once only \
    otherwise overall particular particularly perhaps placed please possible presumably probably quite rather really \
    reasonably relatively respectively right secondly seriously serious sensible soon \
    sometime sometimes somewhere somehow still sub sup specified specify sure then thence there \
    thereafter thereby therefore therein theres thereupon thorough thoroughly thus too truly twice \
    unfortunately unlikely usually useful well when whence whenever where whereafter \
    wherever whither why will wish wonder yes yet zero very
    """,
    // forms of be, have, do, and helpers
    """
    am are be became become becomes becoming been being can cannot cant could did do does doing done had has have \
    having is may might must ought shall should was were would able \

    """,
    // contractions
    """
    a's ain't aren't c'mon c's can't couldn't didn't doesn't don't hadn't hasn't haven't he's here's i'd i'll i'm i've \
    isn't it'd it'll it's let's shouldn't t's that's there's they'd they'll they're they've wasn't we'd we'll we're \
    we've weren't what's where's who's won't wouldn't you'd you'll you're you've
    """,
    // verbs of saying, seeming, going, getting, taking
    """
    allow allows appear appreciate appropriate ask asking associated available believe brief came cause causes \
    changes come comes consider contain contains corresponding course described followed follows get \
    gets getting given gives go goes going gone got gotten happens help ignored indicate indicated indicates \
    insofar keep keeps kept know known knows last let like liked look looking looks mean need needs nd \
    regardless regards said saw say saying says second see seeing seem seemed seeming \
    seems seen self selves sent take taken tell tends thank thanks think took tried tries try trying \
    use used uses using uucp value viz want wants way went willing que rd re qv
    """,
    // numbers and abbreviations
    """
    according afterwards beforehand certainly dr dra example fifth inasmuch mr ms name provides specifying thanx un \
    whole \
    two three four five six seven eight nine third th com co edu eg et etc ex ie inc inner non \
    sorry welcome hello hi different
    """,
  ]
}
