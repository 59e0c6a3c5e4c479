// What can be bought, for buying guides: species | theme | option | suits | watch for | price.
//
// Prices are levels and not amounts, because amounts differ from shop to shop and age fast.

extension KnowledgeText {
  static let options = #"""
    dog | feeding | Dry food | Daily meals and easy storage | Needs plenty of water beside it | Low
    dog | feeding | Wet food | Fussy eaters and sore mouths | Spoils within two hours in the bowl | Medium
    dog | feeding | Fresh cooked food | Dogs with a poor appetite | Must be complete and kept cold | High
    dog | feeding | Growth formula | Puppies and nursing mothers | Too rich for most adults | Medium
    dog | feeding | Vet diet | Dogs with a diagnosed illness | Only on the advice of a vet | High
    dog | toys | Rubber chew toy | Strong jaws and long chewing | Choose a size too big to swallow | Medium
    dog | toys | Rope toy | Tug games with a person | Loose threads must be cut off | Low
    dog | toys | Food puzzle | Bored and fast eaters | Needs a wash after use | Medium
    dog | toys | Fetch disc or ball | Active dogs with room to run | Felt and hard discs wear teeth | Low
    dog | toys | Soft toy | Gentle dogs that like to carry | Squeakers can be swallowed | Low
    dog | housing | Wire crate | Training and airflow | Needs a cover to feel like a den | Medium
    dog | housing | Plastic crate | Car trips and nervous dogs | Hard to resize for a growing puppy | Medium
    dog | housing | Foam bed | Old joints and large breeds | Needs a washable cover | High
    dog | housing | Raised cot | Hot rooms and patios | Cold in winter without a blanket | Medium
    dog | grooming | Slicker brush | Curly and double coats | Light pressure only | Low
    dog | grooming | Steel comb | Finding hidden mats | Slow on large dogs | Low
    dog | grooming | Rubber curry brush | Short coats at bath time | Does not reach undercoat | Low
    dog | grooming | Nail grinder | Dark nails and nervous owners | Noise needs slow training | Medium
    dog | training | Front clip harness | Dogs that pull | Check for rubbing behind the legs | Medium
    dog | training | Flat collar | Daily wear and name tag | Two fingers must fit under it | Low
    dog | training | Treat pouch | Fast rewards on walks | Needs a weekly wash | Low
    dog | training | Long line | Recall practice in open fields | Use only with a harness | Low
    dog | dental | Soft toothbrush | Daily care of all teeth | Needs slow training | Low
    dog | dental | Dental chew | Help between brushings | Count the calories | Medium
    dog | dental | Enzyme paste | Use with or without a brush | Never use human paste | Medium
    cat | litter | Clumping clay | Daily scooping and odor control | Dust, weight and no flushing | Low
    cat | litter | Silica crystals | Low dust and strong drying | Some cats dislike the feel | High
    cat | litter | Paper pellets | Kittens and sore paws after surgery | Weak clumps and more changes | Medium
    cat | litter | Wood pellets | Natural smell and low weight | Needs a sifting tray | Low
    cat | litter | Corn or wheat litter | Light bags and good clumps | Must be stored dry | High
    cat | feeding | Wet food | Water intake and picky cats | Remove leftovers after two hours | Medium
    cat | feeding | Dry food | Puzzle feeders and easy storage | Simple to overfeed | Low
    cat | feeding | Kitten formula | Cats in the first year | Too rich for calm adults | Medium
    cat | feeding | Senior formula | Cats over ten years | Ask a vet about kidneys first | Medium
    cat | feeding | Hairball formula | Long haired indoor cats | No cure for frequent vomiting | Medium
    cat | toys | Wand toy | Shared hunting games | Store it out of reach | Low
    cat | toys | Puzzle feeder | Clever or chubby indoor cats | Start with an easy level | Medium
    cat | toys | Scratching post | Claws and stretching | Must be tall and must not wobble | Medium
    cat | toys | Catnip toy | Solo play for adults | No effect on some cats | Low
    cat | toys | Cat tunnel | Shy cats and chases | Check seams for loose wire | Low
    cat | housing | Cat tree | Climbing and window views | Needs a heavy base | High
    cat | housing | Wall shelf | Small homes | Must be fixed into studs | Medium
    cat | housing | Cave bed | Shy and old cats | Wash at sixty degrees Celsius | Low
    cat | grooming | Steel comb | Long coats and mats | Work in short sessions | Low
    cat | grooming | Rubber brush | Short coats and sensitive skin | Misses the undercoat | Low
    cat | grooming | Claw clipper | Monthly trims | Avoid the pink quick | Low
    fish | housing | Five gallon tank | One betta | Needs a heater and weekly care | Low
    fish | housing | Ten gallon tank | Shrimp and a few tiny fish | Water turns bad fast | Low
    fish | housing | Twenty gallon tank | A first community | Needs a firm stand | Medium
    fish | housing | Forty gallon tank | Larger schools and fancy goldfish | Heavy when full | High
    fish | housing | Sponge filter | Fry and shrimp | Needs an air pump | Low
    fish | housing | Hang-on filter | Most beginner tanks | Strong flow for bettas | Medium
    fish | feeding | Flakes | Surface feeders | Go stale within months | Low
    fish | feeding | Sinking wafers | Catfish and loaches | Remove leftovers by morning | Low
    fish | feeding | Frozen food | Meat eaters and color | Thaw and rinse first | Medium
    fish | feeding | Pellets | Bettas and goldfish | Pick the right grain size | Low
    rabbit | housing | Puppy pen | Flexible indoor space | Needs a rug on smooth floors | Medium
    rabbit | housing | Wooden hutch with run | Sheltered gardens | Too small without the run | High
    rabbit | housing | Free range room | Well trained pairs | Cables must be covered | Low
    rabbit | feeding | Timothy hay | Adult rabbits | Must smell fresh and sweet | Low
    rabbit | feeding | Orchard hay | Owners with hay allergies | Softer, so offer variety | Medium
    rabbit | feeding | Plain pellets | Small daily portions | Too many cause weight gain | Low
    small mammal | housing | Large bin cage | Hamsters and gerbils | Needs wide mesh windows | Low
    small mammal | housing | Glass tank | Deep bedding for burrows | Needs a mesh lid | Medium
    small mammal | housing | Grid and board pen | Pairs of guinea pigs | No roof against cats | Low
    small mammal | housing | Tall wire cage | Rats and chinchillas | Falls need soft shelves | High
    bird | housing | Flight cage | Finches and budgies | Takes up wall space | High
    bird | housing | Dome cage | Short stays only | Hard to clean and poor for flight | Medium
    bird | housing | Play stand | Time outside the cage | Needs supervision | Medium
    bird | feeding | Pellets | Parrots as a base diet | Slow change from seed | Medium
    bird | feeding | Seed mix | Finches and training treats | High in fat | Low
    bird | feeding | Fresh chop | Vitamins and variety | Spoils within hours | Low
    bird | toys | Wood blocks | Beak work | Untreated wood only | Low
    bird | toys | Foraging wheel | Clever parrots | Start with easy settings | Medium
    bird | toys | Rope perch | Sore feet | Cut loose threads | Low
    reptile | housing | Glass terrarium | Humid species | Heavy and loses heat | Medium
    reptile | housing | Wooden vivarium | Warm dry species | Seal it against damp | High
    reptile | housing | Plastic tub | Quarantine and young snakes | Needs air holes and locks | Low
    reptile | housing | UVB tube | Day active lizards | Replace it on schedule | Medium
    reptile | feeding | Crickets | Active hunters | Remove the uneaten ones | Low
    reptile | feeding | Dubia roaches | Steady daily food | Not legal in every place | Medium
    reptile | feeding | Thawed mice | Snakes | Warm fully before feeding | Medium
    any | general care | Basic kit | Getting started well | Check each item for size | Low
    any | general care | Mid range gear | Daily use for years | Compare the warranty | Medium
    any | general care | Premium gear | Special needs | Features that nobody uses | High
    """#
}
