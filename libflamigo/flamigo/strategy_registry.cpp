#include "flamigo/strategy_registry.hpp"

#include <algorithm>
#include <stdexcept>

namespace flamigo {

namespace {

// PROTOCOL: a request's topic has 1 to 256 bytes.
constexpr std::size_t max_name_size = 256;

bool is_word(std::string_view text) {
  auto ok = [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), ok);
}

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
  throw std::invalid_argument{"strategy \"" + std::string{name} + "\": " + why};
}

} // namespace

strategy_registry::strategy_registry(std::string ns)
  : namespace_(std::move(ns)) {
  if (!is_word(namespace_))
    throw std::invalid_argument{"a registry's namespace is made of letters, "
                                "digits, '_', '-' and '.', not \""
                                + namespace_ + "\""};
}

void strategy_registry::check_name(std::string_view name) const {
  auto prefix = namespace_ + "::";
  if (!name.starts_with(prefix))
    refuse(name, "the name must begin with \"" + prefix
                   + "\", the namespace of this registry");
  auto rest = name.substr(prefix.size());
  auto colon = rest.find(':');
  if (colon == std::string_view::npos || !is_word(rest.substr(0, colon))
      || !is_word(rest.substr(colon + 1)))
    refuse(name, "the name must read \"" + prefix
                   + "domain:action\", each of letters, digits, '_', '-' and "
                     "'.'");
  if (name.size() > max_name_size)
    refuse(name, "the name must not be longer than 256 bytes");
  if (by_name_.contains(name))
    refuse(name, "a strategy of this name is registered already");
}

void strategy_registry::insert(strategy what) {
  check_name(what.name());
  auto name = what.name();
  by_name_.emplace(std::move(name), std::move(what));
}

const strategy* strategy_registry::find(std::string_view name) const noexcept {
  auto i = by_name_.find(name);
  return i != by_name_.end() ? &i->second : nullptr;
}

std::vector<strategy_info> strategy_registry::list() const {
  std::vector<strategy_info> result;
  result.reserve(by_name_.size());
  for (auto& entry : by_name_)
    result.push_back(entry.second.info());
  std::sort(result.begin(), result.end(),
            [](auto& x, auto& y) { return x.name < y.name; });
  return result;
}

} // namespace flamigo
