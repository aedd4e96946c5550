#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace flamigo::tool {

/// What a project can be made with.
enum class feature {
  websocket,
  socketio,
  auth,
  page,
  config,
  cluster,
  example
};

inline constexpr std::array all_features{feature::websocket, feature::socketio,
                                         feature::auth,      feature::page,
                                         feature::config,    feature::cluster,
                                         feature::example};

/// E.g. `websocket`.
std::string to_string(feature x);

/// The feature of that name; throws `failure` if there is none.
feature feature_of(std::string_view name);

/// What it brings, in a few words.
std::string_view describe(feature x) noexcept;

/// The features of one project.
class features {
public:
  /// What a project has unless something else is asked for.
  static features usual();

  /// Reads `websocket,config`; empty and `none` are no features. Throws
  /// `failure` for a word that is none, and for features that do not go
  /// together.
  static features parse(std::string_view list);

  bool has(feature x) const noexcept {
    return set_.contains(x);
  }

  /// Whether the program has options of its own.
  bool has_options() const noexcept {
    return has(feature::auth) || has(feature::cluster);
  }

  void add(feature x) {
    set_.insert(x);
  }

  /// Whether one is for clients that only `websocket` brings.
  static bool needs_websocket(feature x) noexcept {
    return x == feature::socketio || x == feature::auth || x == feature::page;
  }

  /// Fails where one needs another.
  void check() const;

  /// As `parse` reads it.
  std::string text() const;

  bool operator==(const features&) const = default;

private:
  std::set<feature> set_;
};

} // namespace flamigo::tool
