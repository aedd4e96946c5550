#include "answer_book.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::soak;
using enum answer_book::verdict;

namespace {

constexpr question::time_point now{};

} // namespace

TEST_CASE("every request is answered once") {
  answer_book book;
  auto first = book.ask(lane::here, now, 7);
  auto second = book.ask(lane::here, now);
  CHECK(book.open() == 2);
  question what;
  CHECK(book.answered(first, what) == right);
  CHECK(what.note == 7);
  CHECK(book.answered(first, what) == twice);
  CHECK(book.answered(second, what) == right);
  CHECK(book.answered(second + 1, what) == unknown);
  CHECK(book.answered(0, what) == unknown);
  CHECK(book.open() == 0);
  CHECK_FALSE(book.oldest());
}

TEST_CASE("answers of one lane come in order, those of two need not") {
  answer_book book;
  auto here = book.ask(lane::here, now);
  auto desk = book.ask(lane::desk, now);
  auto next = book.ask(lane::desk, now);
  question what;
  CHECK(book.answered(next, what) == out_of_order);
  CHECK(what.id == next);
  CHECK(book.answered(desk, what) == right);
  REQUIRE(book.oldest());
  CHECK(book.oldest()->id == here);
  CHECK(book.answered(here, what) == right);
}

TEST_CASE("who may answer whenever has no order") {
  answer_book book;
  auto first = book.ask(lane::later, now);
  auto second = book.ask(lane::later, now);
  question what;
  CHECK(book.answered(second, what) == right);
  CHECK(book.answered(first, what) == right);
}
