#include "lang/run/plateau.h"
#include "tests/catch2.h"

using weft::count_plateaus;

TEST_CASE("plateaus are counted anew after each") {
  const auto history = [](std::initializer_list<const char*> values) {
    std::vector<std::string> epochs;
    for (const char* v : values) epochs.push_back(std::string("{\"loss\": 9, \"f\": ") + v + "}");
    return epochs;
  };
  CHECK(count_plateaus({}, "f", false, 1) == 0);
  CHECK(count_plateaus(history({"3", "2", "1"}), "f", false, 1) == 0);
  CHECK(count_plateaus(history({"3", "2", "1"}), "f", true, 1) == 2);
  CHECK(count_plateaus(history({"3", "3", "4", "5", "2", "2", "2"}), "f", false, 2) == 2);
  CHECK(count_plateaus(history({"3", "3", "4", "5", "3.5"}), "f", false, 2) == 2);
  CHECK(count_plateaus(history({"3", "null", "4"}), "f", false, 2) == 1);
  CHECK(count_plateaus(history({"3", "2"}), "g", false, 1) == 2);
  CHECK(count_plateaus(history({"3", "2"}), "loss", false, 1) == 1);
}
