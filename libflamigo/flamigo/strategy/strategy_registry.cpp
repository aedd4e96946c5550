#include "flamigo/strategy/strategy_registry.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <unordered_map>

#include "flamigo/error/error.hpp"

namespace flamigo {

namespace {

// PROTOCOL: a request's topic has 1 to 256 bytes.
constexpr std::size_t max_name_size = 256;

bool is_word(std::string_view text) {
  auto fits = [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
  throw std::invalid_argument{"strategy \"" + std::string{name} + "\": " + why};
}

std::string title_of(std::string_view name) {
  return "strategy \"" + std::string{name} + "\"";
}

constexpr auto add_it = "register it";

struct strategy_name_hash {
  using is_transparent = void;

  std::size_t operator()(std::string_view name) const noexcept {
    return std::hash<std::string_view>{}(name);
  }
};

} // namespace

struct strategy_registry::table
  : std::unordered_map<std::string, strategy, strategy_name_hash,
                       std::equal_to<>> {};

strategy_registry::strategy_registry(std::string ns)
  : namespace_(std::move(ns)), by_name_(std::make_unique<table>()) {
  if (!is_word(namespace_))
    throw std::invalid_argument{"a registry's namespace is made of letters, "
                                "digits, '_', '-' and '.', not \""
                                + namespace_ + "\""};
}

strategy_registry::~strategy_registry() = default;

caf::error strategy_registry::check_form(std::string_view name) {
  auto mark = name.find("::");
  auto colon = mark != name.npos ? name.find(':', mark + 2) : name.npos;
  auto refuse = [name](const char* why) {
    return internal_error("strategy \"" + std::string{name} + "\": " + why);
  };
  if (colon == name.npos || !is_word(name.substr(0, mark))
      || !is_word(name.substr(mark + 2, colon - mark - 2))
      || !is_word(name.substr(colon + 1)))
    return refuse("the name must read \"namespace::domain:action\", each of "
                  "letters, digits, '_', '-' and '.'");
  if (name.size() > max_name_size)
    return refuse("the name must not be longer than 256 bytes");
  return {};
}

void strategy_registry::check_name(std::string_view name) const {
  seal_.change(title_of(name), add_it, [&] { refuse_bad(name); });
}

void strategy_registry::refuse_bad(std::string_view name) const {
  auto prefix = namespace_ + "::";
  if (!name.starts_with(prefix))
    refuse(name, "the name must begin with \"" + prefix
                   + "\", the namespace of this registry");
  if (auto err = check_form(name))
    throw std::invalid_argument{trace_of(err)};
  if (by_name_->contains(name))
    refuse(name, "a strategy of this name is registered already, choose "
                 "another one");
}

strategy& strategy_registry::insert(strategy what) {
  auto insert = [&]() -> strategy& {
    auto name = what.name();
    refuse_bad(name);
    what.wrap(arounds_);
    what.stand_under(seal_);
    what.number(by_name_->size() + 1);
    return by_name_->emplace(std::move(name), std::move(what)).first->second;
  };
  return seal_.change(title_of(what.name()), add_it, insert);
}

void strategy_registry::seal() {
  seal_.close();
}

void strategy_registry::add_around(std::string pattern,
                                   detail::around_function what) {
  if (auto err = detail::strategy_pattern::check(pattern, namespace_))
    throw std::invalid_argument{trace_of(err)};
  auto title = "around(\"" + pattern + "\")";
  seal_.change(title, "declare what wraps strategies", [&] {
    wrap_matching(detail::strategy_pattern{std::move(pattern)},
                  std::move(what));
  });
}

void strategy_registry::wrap_matching(detail::strategy_pattern which,
                                      detail::around_function what) {
  std::vector<strategy*> there;
  for (auto& entry : *by_name_)
    if (which.matches(entry.first)) {
      // Its actor runs already.
      if (entry.second.host() != nullptr)
        throw std::invalid_argument{"around(\"" + which.text()
                                    + "\"): the strategy \"" + entry.first
                                    + "\" is hosted already: declare what "
                                      "wraps strategies before their domains"};
      there.push_back(&entry.second);
    }
  arounds_.add(std::move(which), std::move(what));
  for (auto x : there)
    x->wrap(arounds_);
}

std::vector<std::string> strategy_registry::idle_arounds() const {
  return seal_.read([this] {
    std::vector<std::string> result;
    for (auto& which : arounds_.patterns())
      if (std::none_of(by_name_->begin(), by_name_->end(),
                       [&](auto& x) { return which.matches(x.first); }))
        result.push_back(which.text());
    return result;
  });
}

const strategy* strategy_registry::find(std::string_view name) const noexcept {
  return seal_.read([&]() -> const strategy* {
    auto i = by_name_->find(name);
    return i != by_name_->end() ? &i->second : nullptr;
  });
}

std::vector<strategy_info> strategy_registry::list() const {
  std::vector<strategy_info> result;
  seal_.read([&] {
    result.reserve(by_name_->size());
    for (auto& entry : *by_name_)
      result.push_back(entry.second.info());
  });
  std::sort(result.begin(), result.end(),
            [](auto& x, auto& y) { return x.name < y.name; });
  return result;
}

std::vector<std::string> strategy_registry::numbered() const {
  return seal_.read([this] {
    std::vector<std::string> result(by_name_->size() + 1);
    for (auto& entry : *by_name_)
      result[entry.second.number()] = entry.first;
    return result;
  });
}

} // namespace flamigo
