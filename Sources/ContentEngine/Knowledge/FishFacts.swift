// Facts about aquarium and pond fish, one a line: species | theme | stage | fact | source note.

extension KnowledgeText {
  static let fish = #"""
    fish | feeding | all | Feed no more than the fish can eat in about two minutes. | husbandry
    fish | feeding | all | Most adult fish do well on one or two small meals a day. | husbandry
    fish | feeding | all | One day a week without food does healthy adult fish no harm. | husbandry
    fish | feeding | all | Leftover food rots and feeds ammonia, so net it out. | husbandry
    fish | feeding | all | Surface feeders need flakes, and catfish need sinking wafers. | husbandry
    fish | feeding | all | Bettas are meat eaters and need pellets rich in protein. | nutrition
    fish | feeding | all | Goldfish do well on sinking pellets and blanched greens such as peas without skins. | nutrition
    fish | feeding | all | Frozen brine shrimp or bloodworms make a good treat once or twice a week. | nutrition
    fish | feeding | young | Fry need tiny food three to five times a day. | nutrition
    fish | feeding | all | Flakes lose vitamins a few months after the jar is opened. | nutrition
    fish | feeding | budget | A small jar used fresh is better value than a large one that goes stale. | husbandry
    fish | feeding | safety | Bread and crackers swell in the gut and foul the water. | husbandry
    fish | feeding | busy | An automatic feeder covers short trips when it has been tested for a week. | husbandry
    fish | housing | all | A tank must cycle for about four to six weeks before it can hold a full stock of fish. | husbandry
    fish | housing | all | Helpful bacteria turn ammonia into nitrite and then into nitrate. | husbandry
    fish | housing | all | Ammonia and nitrite must read zero before fish are added. | husbandry
    fish | housing | all | Nitrate should stay below about forty parts per million. | husbandry
    fish | housing | all | A larger tank is easier for a beginner, because its water changes more slowly. | husbandry
    fish | housing | beginners | Twenty gallons is a forgiving size for a first community tank. | husbandry
    fish | housing | all | A single betta needs at least five gallons, a heater and a gentle filter. | welfare
    fish | housing | all | Fancy goldfish need about twenty gallons for the first fish and ten more for each extra one. | welfare
    fish | housing | all | Most tropical fish live well at seventy five to eighty degrees Fahrenheit. | husbandry
    fish | housing | all | A heater needs about five watts for each gallon. | husbandry
    fish | housing | all | The filter should move the tank volume at least four times an hour. | husbandry
    fish | housing | all | A gallon of water weighs over eight pounds, so the stand must be strong. | husbandry
    fish | housing | all | Direct sun feeds algae and makes the temperature swing. | husbandry
    fish | housing | all | Live plants use nitrate and give fish cover. | husbandry
    fish | housing | all | Lights should run for about eight hours a day on a timer. | husbandry
    fish | housing | safety | Every cable needs a drip loop so that water cannot run into the socket. | husbandry
    fish | housing | safety | Copper and soap are deadly to many tank animals. | toxicology
    fish | housing | budget | A complete starter kit often costs less than its parts, but check the heater size. | husbandry
    fish | housing | budget | Used glass tanks are cheap, and a day filled outdoors will show any leak. | husbandry
    fish | housing | all | A tight lid stops jumpers and slows evaporation. | husbandry
    fish | housing | apartment | A nano tank of ten gallons fits most sturdy sideboards. | husbandry
    fish | grooming | all | Change a quarter of the water every week. | husbandry
    fish | grooming | all | Tap water needs a conditioner, because chlorine kills fish and bacteria. | husbandry
    fish | grooming | all | Rinse filter sponges in old tank water and never under the tap. | husbandry
    fish | grooming | all | A gravel siphon lifts dirt while it drains the water. | husbandry
    fish | grooming | all | New water should match the tank to within two degrees Fahrenheit. | husbandry
    fish | grooming | all | Scrape algae from the front glass before the water change. | husbandry
    fish | grooming | all | Filter carbon wears out after about four weeks. | husbandry
    fish | health | all | White spots like grains of salt point to ich, and a vet or store can test and advise. | vet
    fish | health | all | Gasping at the surface means too little oxygen or toxic water, so test at once and ask a fish vet if it goes on. | vet
    fish | health | all | Clamped fins are an early sign of stress, so test the water and call a vet if more fish follow. | vet
    fish | health | all | New fish should spend two to four weeks in a quarantine tank, and a vet can check any that look ill. | vet
    fish | health | all | Torn or ragged fins call for clean water first and a fish vet if the edges turn red. | vet
    fish | health | all | A swollen body with raised scales is serious and needs a fish vet. | vet
    fish | health | safety | Medicine in a tank can kill filter bacteria and shrimp, so ask a vet or read the label first. | vet
    fish | health | all | Swimming upside down may follow from gulped air or gut trouble, and a fish vet can help if it lasts. | vet
    fish | health | senior | Old fish slow down and fade in color, but sudden changes still deserve a water test and a vet. | vet
    fish | training | all | Fish learn feeding times and will wait at the same corner. | behavior
    fish | training | all | A tap with a feeding ring teaches fish where food appears. | behavior
    fish | training | all | Float the bag for fifteen minutes so that new fish meet the temperature slowly. | husbandry
    fish | training | all | Add a little tank water to the bag every few minutes before letting new fish go. | husbandry
    fish | training | all | Never pour store water into the tank. | husbandry
    fish | toys | all | Caves, roots and tall plants give fish places to explore. | welfare
    fish | toys | all | Smooth gravel protects the whiskers of bottom fish. | welfare
    fish | toys | safety | Sharp plastic plants tear long fins, so choose silk or live ones. | welfare
    fish | toys | safety | Shells and coral raise the pH, which soft water fish dislike. | husbandry
    fish | toys | all | Moving the decor a little makes territorial fish forget old borders. | behavior
    fish | travel | all | Fish for a move travel best in bags that are one third water and two thirds air. | husbandry
    fish | travel | all | Keep filter media wet on a journey so that its bacteria survive. | husbandry
    fish | travel | busy | Healthy adult fish can go without food for a weekend away. | husbandry
    fish | seasons | all | Warm water holds less oxygen, so add an air stone in a heat wave. | husbandry
    fish | seasons | all | Pond fish should stop getting food when the water falls below fifty degrees Fahrenheit. | husbandry
    fish | seasons | all | Keep a hole in pond ice open with a heater or a floating pump. | husbandry
    fish | seasons | safety | Breaking pond ice with a blow stuns the fish below. | welfare
    fish | seasons | all | Check the heater before winter, because many fail when they work hardest. | husbandry
    fish | general care | all | Neon tetras and other schooling fish need groups of six or more. | welfare
    fish | general care | all | Two male bettas will fight and must live apart. | welfare
    fish | general care | all | Goldfish can live for ten to twenty years in good water. | welfare
    fish | general care | all | Tank mates must share the same needs for heat, hardness and space. | husbandry
    fish | general care | all | Add only a few fish each week so that the filter can keep up. | husbandry
    fish | general care | all | A liquid test kit is more exact than paper strips. | husbandry
    fish | general care | beginners | Guppies, platies and danios are hardy fish for a first tank. | husbandry
    fish | general care | children | Let a child feed with a measured spoon, since most tanks suffer from kind hands. | husbandry
    fish | general care | all | Count the fish at every meal, for a missing one spoils the water. | husbandry
    fish | dental | all | Pufferfish teeth keep growing, so they need snails with hard shells, and a vet can trim overgrown teeth. | vet
    fish | litter | all | Bare bottom tanks are easy to clean but make many fish uneasy. | husbandry
    fish | litter | all | Two inches of gravel is deep enough for most planted tanks. | husbandry
    fish | litter | all | Rinse new gravel until the water runs clear. | husbandry
    """#
}
