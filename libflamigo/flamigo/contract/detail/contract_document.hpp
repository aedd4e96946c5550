#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/raw_json.hpp"

/// What a contract is as JSON, but for its `$defs`. Members without a value are
/// not there.
namespace flamigo::detail {

struct contract_error {
  int status;
  std::string code;
  std::optional<std::string> description = {};
};

BOOST_DESCRIBE_STRUCT(contract_error, (), (status, code, description))

struct contract_strategy {
  /// Schemas. Without an input the payload does not matter.
  std::optional<raw_json> input = {};
  raw_json output = {};
  /// Whether it answers in parts, of which each is such an output.
  bool stream = false;
  std::string guard = {};
  /// See `access_of`.
  std::vector<std::string> access = {};
  std::string home = {};
  std::vector<std::string> limits = {};
  std::vector<contract_error> errors = {};
};

BOOST_DESCRIBE_STRUCT(contract_strategy, (),
                      (input, output, stream, guard, access, home, limits,
                       errors))

struct contract_channel {
  std::string guard = {};
  std::vector<std::string> access = {};
  /// Whether who comes back gets what it has missed.
  bool history = false;
  /// What subscribers see of each other, if they do.
  std::optional<raw_json> presence = {};
  /// What is given with a subscription, and what it is answered with, where a
  /// strategy runs before it.
  std::optional<raw_json> input = {};
  std::optional<raw_json> result = {};
  /// Names of `contract_document::events`.
  std::vector<std::string> events = {};
};

BOOST_DESCRIBE_STRUCT(contract_channel, (),
                      (guard, access, history, presence, input, result, events))

struct contract_event {
  raw_json payload;
  /// Names of `contract_document::channels`; none if it comes without one.
  std::vector<std::string> channels = {};
};

BOOST_DESCRIBE_STRUCT(contract_event, (), (payload, channels))

struct contract_request {
  raw_json question;
  raw_json answer;
};

BOOST_DESCRIBE_STRUCT(contract_request, (), (question, answer))

struct contract_route {
  /// One of `contract_document::strategies`.
  std::string strategy = {};
  /// Who may, of those who may call the strategy.
  std::vector<std::string> access = {};
};

BOOST_DESCRIBE_STRUCT(contract_route, (), (strategy, access))

struct contract_document {
  /// The version of this form.
  int contract = 1;
  /// What the program is called.
  std::string program = {};
  /// The path of its WebSocket.
  std::string path = {};
  /// Whether clients prove who they are.
  bool authenticates = false;
  std::map<std::string, contract_strategy> strategies = {};
  std::map<std::string, contract_channel> channels = {};
  std::map<std::string, contract_event> events = {};
  std::map<std::string, contract_request> requests = {};
  /// By method and path: strategies that are served by plain HTTP, if any is.
  std::optional<std::map<std::string, contract_route>> http = {};
};

BOOST_DESCRIBE_STRUCT(contract_document, (),
                      (contract, program, path, authenticates, strategies,
                       channels, events, requests, http))

} // namespace flamigo::detail
