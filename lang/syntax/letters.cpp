#include "lang/syntax/letters.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace weft::syntax {
namespace {

struct Range {
  char32_t first, last;
};

// Beyond ASCII: controls, spaces, punctuation, symbols, private use. Blocks of The Unicode Standard, sorted.
constexpr std::array kNotLetters = {
    Range{0x80, 0xA9},       Range{0xAB, 0xB4},     Range{0xB6, 0xB9},     Range{0xBB, 0xBF},
    Range{0xD7, 0xD7},       Range{0xF7, 0xF7},     Range{0x1680, 0x1680}, Range{0x2000, 0x206F},
    Range{0x20A0, 0x20CF},   Range{0x2190, 0x2BFF}, Range{0x2E00, 0x2E7F}, Range{0x3000, 0x3004},
    Range{0x3008, 0x3020},   Range{0x3030, 0x3030}, Range{0xE000, 0xF8FF}, Range{0xFE10, 0xFE1F},
    Range{0xFE30, 0xFE6F},   Range{0xFEFF, 0xFEFF}, Range{0xFF00, 0xFF0F}, Range{0xFF1A, 0xFF20},
    Range{0xFF3B, 0xFF40},   Range{0xFF5B, 0xFF65}, Range{0xFFE0, 0xFFFF}, Range{0x1F000, 0x1FAFF},
    Range{0xF0000, 0x10FFFF}};

struct Lookalike {
  char32_t c;
  const char* meant;
};

constexpr Lookalike kLookalikes[] = {
    {0xA0, "a space"}, {0xAB, "`\"`"},   {0xBB, "`\"`"},          {0xB7, "`*`"},       {0xD7, "`*`"},
    {0xF7, "`/`"},     {0x2010, "`-`"},  {0x2011, "`-`"},         {0x2012, "`-`"},     {0x2013, "`-`"},
    {0x2014, "`-`"},   {0x2018, "`\"`"}, {0x2019, "`\"` or `'`"}, {0x201C, "`\"`"},    {0x201D, "`\"`"},
    {0x201E, "`\"`"},  {0x2026, "`..`"}, {0x2032, "`'`"},         {0x2192, "`->`"},    {0x2212, "`-`"},
    {0x2260, "`!=`"},  {0x2264, "`<=`"}, {0x2265, "`>=`"},        {0x3000, "a space"}, {0x3001, "`,`"},
    {0x300C, "`\"`"},  {0x300D, "`\"`"}, {0x3010, "`[`"},         {0x3011, "`]`"},     {0xFF02, "`\"`"},
    {0xFF03, "`#`"},   {0xFF08, "`(`"},  {0xFF09, "`)`"},         {0xFF0A, "`*`"},     {0xFF0B, "`+`"},
    {0xFF0C, "`,`"},   {0xFF0D, "`-`"},  {0xFF0E, "`.`"},         {0xFF0F, "`/`"},     {0xFF1A, "`:`"},
    {0xFF1B, "`;`"},   {0xFF1C, "`<`"},  {0xFF1D, "`=`"},         {0xFF1E, "`>`"},     {0xFF3B, "`[`"},
    {0xFF3D, "`]`"},   {0xFF5B, "`{`"},  {0xFF5D, "`}`"}};

}  // namespace

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  const auto range = std::lower_bound(kNotLetters.begin(), kNotLetters.end(), c,
                                      [](const Range& r, char32_t value) { return r.last < value; });
  return range == kNotLetters.end() || c < range->first;
}

const char* ascii_lookalike(char32_t c) {
  const auto found = std::find_if(std::begin(kLookalikes), std::end(kLookalikes),
                                  [c](const Lookalike& l) { return l.c == c; });
  return found == std::end(kLookalikes) ? nullptr : found->meant;
}

}  // namespace weft::syntax
