import type { Chance } from './chance';

/** The most frequent families, also those of the small demo hospital. */
const frequent = [
  'Abara', 'Almeida', 'Andersen', 'Baptiste', 'Bergqvist', 'Castellanos', 'Chowdhury', 'Corrigan', 'Danjuma', 'Delacroix',
  'Dvořák', 'Eklund', 'Faulkner', 'Ferrante', 'Goldfarb', 'Grünwald', 'Hashimoto', 'Holloway', 'Ibáñez', 'Iversen',
  'Jankowski', 'Kaplan', 'Karlsen', 'Kowalczyk', 'Laurent', 'Lindgren', 'MacAllister', 'Marchetti', 'Mbeki', 'Moreau',
  'Nakagawa', 'Novotný', 'O’Halloran', 'Okonkwo', 'Oyelaran', 'Papadakis', 'Pemberton', 'Qureshi', 'Ramaswamy', 'Rasmussen',
  'Rosenthal', 'Sandoval', 'Sørensen', 'Thistlewood', 'Tremblay', 'Uchida', 'Vandermeer', 'Villanueva', 'Whitcombe', 'Yıldız',
  'Zielinski', 'Ashdown-Price', 'Birkett', 'Carmody', 'Farouk', 'Haddad', 'Keane', 'Maldonado', 'Nwosu', 'Svensson',
]; // prettier-ignore

/** Beginnings and endings that make families of a region; every pair of a row is one. */
const rows: readonly [beginnings: string, endings: string][] = [
  [
    'Ash Ald Ather Bar Beck Black Brad Brook Burn Carl Clay Cold Cran Dal East Ed Fair Farn Glen Green Hal Harl Hart Hatha Hay Hazel Hol Kings Lang Lock Mar Mel Mill Nor Oak Rad Red Ring Rock Rush Sel Shel Sher Stan Stock Stone Thorn Wain Wake Wal West Whit Wil Win Wood',
    'brook burn bury by combe cote croft dale den don field ford grave ham hurst land ley low man mere more ridge stead thorpe ton wall ward way wick wood worth',
  ],
  [
    'Alm Berg Björk Blom Boström Dahl Ek Eng Fors Gran Grön Hag Hed Hell Holm Häg Kull Lind Ljung Lund Löf Malm Mark Moberg Nord Norr Ny Rosen Sand Sjö Skog Stål Ström Sund Söder Törn Vester Vik Åker Öst',
    'berg blad by dal feldt gren holm lund man mark quist qvist stedt ström strand',
  ],
  [
    'Adam Albert Anton Arne Axel Bent Bertil Carl Christian Daniel Erik Frederik Gustav Hans Henrik Jakob Jens Jeppe Johan Jon Jørgen Karl Knud Lars Laurit Magnus Martin Mathia Michael Mikkel Mogen Morten Niel Ole Pet Poul Rasmu Simon Steffen Søren Thom Torben Villad',
    'sen son sson',
  ],
  [
    'Adam Baran Borow Bukow Chmiel Dąbrow Gaw Głow Grab Jabłon Jasin Kamin Kasprz Kozł Krasn Kraw Lewand Lip Majch Malin Maz Nowak Olsz Orł Piotr Rutk Sadow Sikor Sokoł Szymań Tomasz Urbań Walcz Wiśn Wojc Wróbl Zając Zalew Zawad Żuk',
    'czak czyk ek ewicz iak icki ik owiak owicz owska owski ski ycz yński',
  ],
  [
    'Agu Alar Alcan Balles Barr Benav Cabr Cald Camp Carr Casan Cort Dom Esc Esp Ferr Fuen Gal Garm Guer Herr Jara Lar Lop Mad Maldon Mar Mend Mir Mor Nav Oli Par Per Quint Ram Rib Riv Rod Sal Sant Sold Torr Val Varg Vel Villa Zam',
    'ada al ano ante ar as ear elo era ero erra es ez illo ina iz ona ora oso osa uela',
  ],
  [
    'Bac Bald Bart Bell Bern Bian Bon Brac Cap Card Cas Catt Coll Cor Corr Don Far Ferr Fior Gal Gall Gam Gat Gen Gis Gras Lom Lon Mac Mag Man Mar Mart Mas Mor Mont Nap Nard Pag Pal Par Pel Pell Per Ric Riz Ross Sab Sal San Sar Tod Tom Val Ven Ver Vit Zan',
    'acci agni aldi ani ardi ari assi atti elli eri etti iani ini ino olini oni ucci',
  ],
  [
    'Abe Ada Ade Aki Ayo Ba Chi Chuk Da Di Ebe Eke Eze Fa Ife Ike Ka Ko Kwa Ma Mba Nna Nwa Obi Oda Odu Ofo Oga Oje Oke Oko Olu Omo Ona Osa Owo Sa Sow Te To Uba Uche Ugo Uma',
    'bayo bola bueze debe dele diop doye dozie fola fomba gbe jide keke kwe laja lowo masi mba nde neke nkwo nyi reke sanya tola tunde wale wande yemi zie',
  ],
  [
    'Aka Ao Ara Asa Fuji Fuku Furu Hama Hara Hase Hata Haya Hira Hori Ichi Ike Ino Ishi Iwa Kami Kata Kawa Kimi Kita Kuro Kubo Kuri Masu Matsu Mina Miya Mizu Mori Mura Naga Naka Nishi No Oga Oka Oki Ono Saka Saku Sato Shima Shimi Sugi Taka Take Tana Tera Toku Toyo Tsuchi Uchi Ue Wada Waka Yama Yasu Yoko Yoshi',
    'be da do gawa guchi hara hashi jima kawa ki kura ma mi miya mori moto mura naga no oka saki sawa shita ta tani uchi ya yama zaki',
  ],
  [
    'Agar Baj Ban Bhat Bis Chak Chan Chat Chau Das Des Dhar Dix Gan Gho Gop Gup Iy Jad Jos Kal Kap Kar Khan Kul Kum Lak Mal Man Meh Mis Muk Nag Nar Pan Par Pat Pil Pra Raj Ram Rao Sah Sax Sen Shar Shet Sin Sri Sub Tha Tri Var Venk Vis Yad',
    'al amurthy anathan andra ani arwal av eja endra era erjee esh gar han iah il ishnan kar ma nath oor pal pathi rathna shi swamy ta thi ury vedi war yan',
  ],
]; // prettier-ignore

const given = {
  FEMALE:
    'Adaeze Agnes Amelia Anneli Beatriz Camille Chiara Dorothea Edith Elif Fatima Freya Grace Hana Ingrid Ines Joan Karin Leila Lucía Mabel Margit Maya Nadia Ngozi Odile Priya Renée Rosalind Sakura Sofia Tamsin Ursula Vera Wilma Yasmin Zofia ' +
    'Abigail Adriana Aisha Alba Alina Amara Anastasia Anita Annika Asha Astrid Aurora Ayşe Bianca Birgit Brigid Carmen Catalina Cecilia Charlotte Chidinma Clara Dagmar Daniela Deepa Diana Ebba Elena Eleanor Elodie Emilia Esther Eva Farah Filippa Frida Gabriela Gerda Gudrun Hannah Harriet Helena Hilda Ilse Imani Irene Isabel Ivana Jadwiga Jana Josefina Judith Juliana Katarzyna Keiko Khadija Klara Lakshmi Lena Lidia Linnea Lotte Louise Magdalena Malin Mariam Marta Matilda Meera Michiko Mina Mireille Nia Nora Nuria Olga Olivia Paloma Petra Rachel Rania Rosa Ruth Salma Sanna Sara Selma Shanti Signe Silvia Simone Solveig Stella Sunita Svetlana Tamar Teresa Thea Tove Valentina Victoria Violet Wanjiru Xenia Yuki Zainab',
  MALE:
    'Aarav Albert Anders Baraka Bruno Cedric Chidi Dimitri Edmund Emre Felix Gareth Giorgio Harold Hugo Ibrahim Isak Jakub Jean-Luc Kenji Kofi Lars Leopold Mateo Milan Nikhil Olav Oscar Percy Rafael Rashid Stellan Tariq Thaddeus Uwe Victor Yusuf ' +
    'Abdullah Adam Alejandro Alfred Amir Andrzej Anton Arjun Arthur Axel Bartosz Benjamin Bjørn Boris Carlos Casper Chinedu Christian Conrad Daichi Damian Daniel David Diego Edgar Eduardo Einar Elias Emeka Enzo Erik Ernst Farid Filip Francisco Frank George Gustav Hamza Hassan Hector Henrik Hiroshi Hussein Ignacio Igor Ivan Jacob Jan Javier Jens Jerzy Johan José Julian Kamal Karl Kaspar Kwame Laurence Leon Linus Luca Luis Magnus Malik Marcel Marek Martin Maurice Mikael Mohamed Murat Nathan Nils Noah Omar Otto Pablo Patrick Pavel Pedro Philip Pierre Rajesh Ravi Richard Robert Rolf Salim Samuel Sanjay Sebastian Sergei Simon Stefan Sven Takashi Theodor Thomas Tobias Tomasz Umar Vikram Vincent Walter Wiktor William Xavier Yannick Zoltan',
} as const;

/** Every name and how many of a thousand million people have it or one before it. */
interface Population {
  names: readonly string[];
  upTo: Float64Array;
}

/** How much rarer a name is than the one before: Zipf's law flattened at its head, as family names of a mixed city are. */
const FAMILIES = { flattened: 12, falling: 0.92 };
const GIVEN = { flattened: 6, falling: 0.8 };

let families: Population | null = null;
const givenOf: Partial<Record<keyof typeof given, Population>> = {};

/** A family name; a few thousand there are, from one person in eighty down to a handful in a million. */
export function pickFamily(chance: Chance): string {
  families ??= population([...new Set([...frequent, ...shuffled(rows.flatMap(combined))])], FAMILIES);
  return pickFrom(families, chance);
}

/** A given name. */
export function pickGiven(chance: Chance, gender: keyof typeof given): string {
  givenOf[gender] ??= population(given[gender].split(' '), GIVEN);
  return pickFrom(givenOf[gender], chance);
}

function combined([beginnings, endings]: readonly [string, string]): string[] {
  return beginnings.split(' ').flatMap((beginning) => endings.split(' ').map((ending) => beginning + ending));
}

/** In an order that has nothing to do with the alphabet, the same on every installation (multiplicative hash of the place). */
function shuffled(names: string[]): string[] {
  return names
    .map((name, place) => ({ name, rank: Math.imul(place + 1, 0x9e3779b1) >>> 0 }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ name }) => name);
}

function population(names: readonly string[], { flattened, falling }: typeof FAMILIES): Population {
  const upTo = new Float64Array(names.length);
  let sum = 0;
  for (let rank = 0; rank < names.length; rank++) upTo[rank] = sum += (rank + 1 + flattened) ** -falling;
  return { names, upTo: upTo.map((share) => share / sum) };
}

function pickFrom({ names, upTo }: Population, chance: Chance): string {
  const drawn = chance.next();
  let low = 0;
  let high = names.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle]! > drawn) high = middle;
    else low = middle + 1;
  }
  return names[low]!;
}
