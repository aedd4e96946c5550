#include "flamigo/access/access_matrix.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace flamigo {

namespace {

constexpr std::size_t max_permissions = 10;

claims user_with(const std::vector<std::string>& permissions, std::size_t set) {
  claims result;
  result.user = user{.id = "somebody"};
  for (std::size_t i = 0; i < permissions.size(); ++i)
    if ((set >> i & 1) != 0)
      result.user->permissions.push_back(permissions[i]);
  return result;
}

std::string name_of(const claims& who) {
  if (!who.user)
    return "guest";
  std::string result = "user";
  for (auto& permission : who.user->permissions)
    result += (result == "user" ? ":" : ",") + permission;
  return result;
}

std::string entry(const claims& who, const foresight& said) {
  auto result = name_of(who);
  if (said.says == foresight::answer::no)
    result.insert(0, "not ");
  for (auto& predicate : said.on)
    result += (&predicate == &said.on.front() ? " if " : " and ") + predicate;
  if (!said.on.empty())
    result += said.on.size() == 1 ? " agrees" : " agree";
  return result;
}

/// Calls `f` with what was said of each set that has one permission less.
template <class F>
void for_each_less(const std::vector<foresight>& said, std::size_t set, F f) {
  for (std::size_t bit = 1; bit <= set; bit <<= 1)
    if ((set & bit) != 0)
      f(said[set ^ bit]);
}

/// Whether a permission only ever opens doors.
bool only_grows(const std::vector<foresight>& said) {
  bool result = true;
  for (std::size_t set = 0; set < said.size(); ++set)
    for_each_less(said, set, [&](const foresight& less) {
      result &= less.says < said[set].says || less == said[set];
    });
  return result;
}

/// Whether a line has to name this set.
bool is_news(const std::vector<foresight>& said, std::size_t set, bool grows) {
  if (set == 0)
    return said[set].says != foresight::answer::no;
  std::size_t all = 0, same = 0;
  for_each_less(said, set, [&](const foresight& less) {
    ++all;
    same += static_cast<std::size_t>(less == said[set]);
  });
  return grows ? same == 0 : same < all;
}

validator guards_of(const door& what) {
  return what.behind.empty() ? what.guard : all_of(what.guard, what.behind);
}

std::string line_of(const door& what) {
  std::string result = what.kind + " " + what.name + " -> ";
  auto entries = access_of(what);
  for (auto& each : entries)
    result += (&each == &entries.front() ? "" : "; ") + each;
  return result += entries.empty() ? "nobody\n" : "\n";
}

} // namespace

std::vector<std::string> access_of(const door& what) {
  std::vector<std::string> result;
  if (auto guests = comes_in(what, {}); guests.says != foresight::answer::no)
    result.push_back(entry({}, guests));
  auto guards = guards_of(what);
  auto permissions = guards.permissions();
  if (permissions.size() > max_permissions) {
    result.push_back(guards.name());
    if (!what.also.empty())
      result.back() += " if " + what.also + " agrees";
    return result;
  }
  std::vector<foresight> said;
  for (std::size_t set = 0; set >> permissions.size() == 0; ++set)
    said.push_back(comes_in(what, user_with(permissions, set)));
  auto grows = only_grows(said);
  for (std::size_t set = 0; set < said.size(); ++set)
    if (is_news(said, set, grows))
      result.push_back(entry(user_with(permissions, set), said[set]));
  return result;
}

std::string access_matrix(const std::vector<door>& doors) {
  // Not in columns: a new door would move all the others.
  std::vector<std::string> lines;
  lines.reserve(doors.size());
  for (auto& each : doors)
    lines.push_back(line_of(each));
  std::sort(lines.begin(), lines.end());
  std::string result;
  for (auto& line : lines)
    result += line;
  return result;
}

} // namespace flamigo
