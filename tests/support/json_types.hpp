#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "flamigo/error/field_error.hpp"
#include "flamigo/json/raw_json.hpp"

/// Structs as an application describes them.
namespace shop {

enum class color {
  red,
  green
};

BOOST_DESCRIBE_ENUM(color, red, green)

struct article {
  std::string id;
};

BOOST_DESCRIBE_STRUCT(article, (), (id))

struct item : article {
  double price;
  std::optional<color> paint;
};

BOOST_DESCRIBE_STRUCT(item, (article), (price, paint))

/// Has a rule of its own.
struct span {
  int from;
  int to;

  void validate(std::vector<flamigo::field_error>& errors) const {
    if (from > to)
      errors.push_back({"to", "must not be less than from"});
    if (from == to)
      errors.push_back({"", "must not be empty"});
  }
};

BOOST_DESCRIBE_STRUCT(span, (), (from, to))

struct order {
  std::uint8_t count;
  std::vector<item> items;
  std::map<std::string, std::int16_t> tags;
  flamigo::raw_json note;
  std::optional<span> when;

  void validate(std::vector<flamigo::field_error>& errors) const {
    if (items.empty())
      errors.push_back({"items", "must not be empty"});
  }
};

BOOST_DESCRIBE_STRUCT(order, (), (count, items, tags, note, when))

/// One member of each kind.
struct sampler {
  bool flag;
  float ratio;
  std::array<int, 2> pair{};
  std::pair<std::string, std::uint64_t> entry;
  std::vector<bool> bits;
  std::unordered_map<std::string, std::vector<std::string>> lists;
  std::optional<flamigo::raw_json> extra;
};

BOOST_DESCRIBE_STRUCT(sampler, (),
                      (flag, ratio, pair, entry, bits, lists, extra))

struct tree {
  std::vector<tree> kids;
};

BOOST_DESCRIBE_STRUCT(tree, (), (kids))

struct nothing {};

BOOST_DESCRIBE_STRUCT(nothing, (), ())

/// Not described.
struct stranger {
  int x = 0;
};

template <class T>
struct page {
  std::vector<T> entries;
  std::optional<std::string> next;

  BOOST_DESCRIBE_CLASS(page, (), (entries, next), (), ())
};

} // namespace shop
