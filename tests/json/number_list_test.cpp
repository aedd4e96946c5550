#include "flamigo/json/detail/number_list.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

TEST_CASE("numbers are read strictly") {
  std::vector<std::size_t> all;
  CHECK(detail::read_numbers("7,0,12", all));
  CHECK(all == std::vector<std::size_t>{7, 0, 12});
  for (auto text :
       {"", ",", "7,", ",7", "7 ", "-7", "7;8", "99999999999999999999999"})
    CHECK_FALSE(detail::read_numbers(text, all));
  std::string text;
  detail::append_number(text, 7, true);
  detail::append_number(text, 0, false);
  CHECK(text == "7,0");
}
