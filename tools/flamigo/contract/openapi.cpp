#include "contract/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/component_names.hpp"
#include "contract/component_schema.hpp"
#include "contract/contract_document.hpp"
#include "contract/contract_words.hpp"
#include "contract/json_pieces.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;
using text = std::string_view;

class writer : json_pieces {
public:
  explicit writer(const rapidjson::Document& contract) : contract_(contract) {
  }

  std::string write() {
    auto result = object();
    put(result, "openapi", "3.1.0");
    auto info = object();
    put(info, "title", text_of(contract_["program"]));
    put(info, "version", "1");
    put(result, "info", std::move(info));
    if (auto routes = member(contract_, "http"))
      for (auto& each : routes->GetObject())
        add_route(text_of(each.name), each.value);
    auto paths = object();
    for (auto& [path, operations] : paths_)
      put(paths, path, std::move(operations));
    put(result, "paths", std::move(paths));
    put(result, "components", components());
    return pretty_json(result);
  }

private:
  void add_route(text name, const value& route) {
    auto space = name.find(' ');
    auto method = std::string{name.substr(0, space)};
    auto path = std::string{name.substr(space + 1)};
    auto& what = contract_["strategies"][route["strategy"]];
    auto operation = object();
    put(operation, "operationId", names_.make(name));
    put(operation, "summary", text_of(route["strategy"]));
    put(operation, "description", for_whom(route) + limits_and_errors(what));
    if (contract_["authenticates"].GetBool() && !lets_guests_in(route)) {
      auto token = object(), all = array();
      put(token, "token", array());
      add(all, std::move(token));
      put(operation, "security", std::move(all));
    }
    add_input(operation, method, *parameters_of(path), what);
    put(operation, "responses", responses(what));
    std::transform(method.begin(), method.end(), method.begin(), [](auto c) {
      return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    auto& place = paths_.try_emplace(path, object()).first->second;
    put(place, method, std::move(operation));
  }

  // -- what is sent -----------------------------------------------------------

  void add_input(value& to, const std::string& method,
                 const std::vector<text>& in_path, const value& what) {
    auto parameters = array();
    auto input = member(what, "input");
    auto members = input != nullptr
                     ? member(resolved(*input, contract_), "properties")
                     : nullptr;
    for (auto name : in_path) {
      auto known = members != nullptr ? member(*members, name) : nullptr;
      add(parameters,
          parameter("path", name, true,
                    known != nullptr ? given(*known) : typed("string")));
    }
    auto has_body = method != "GET" && method != "HEAD" && method != "DELETE";
    if (has_body && input != nullptr)
      put(to, "requestBody", body(*input, in_path));
    else if (members != nullptr)
      for (auto& each : members->GetObject())
        if (auto name = text_of(each.name);
            !contains(in_path, name) && fits_query(each.value))
          add(parameters, parameter("query", name, is_required(*input, name),
                                    given(each.value)));
    if (!parameters.Empty())
      put(to, "parameters", std::move(parameters));
  }

  /// A query has no objects.
  bool fits_query(const value& member_schema) const {
    auto& some = some_of(member_schema);
    auto type = member(resolved(some, contract_), "type");
    return type == nullptr || !type->IsString() || text_of(*type) != "object";
  }

  /// What a member is where it is not null; the schema itself where it cannot
  /// be.
  static const value& some_of(const value& member_schema) {
    auto any = member(member_schema, "anyOf");
    if (any == nullptr || any->Size() != 2)
      return member_schema;
    auto type = member((*any)[1], "type");
    return type != nullptr && text_of(*type) == "null" ? (*any)[0]
                                                       : member_schema;
  }

  /// Of a parameter: it comes or does not, but is never null.
  value given(const value& member_schema) {
    auto& some = some_of(member_schema);
    auto result = schema(some);
    if (&some == &member_schema)
      return result;
    for (auto& each : member_schema.GetObject())
      if (auto name = text_of(each.name); name != "anyOf")
        put(result, name, copy(each.value));
    return result;
  }

  value parameter(text where, text name, bool required, value what) {
    auto result = object();
    put(result, "name", name);
    put(result, "in", where);
    put(result, "required", value{required});
    put(result, "schema", std::move(what));
    return result;
  }

  /// The input without what the path has of it.
  value body(const value& input, const std::vector<text>& in_path) {
    auto what = schema(in_path.empty() ? input : resolved(input, contract_));
    auto required = in_path.empty() && !takes_null(input, contract_);
    if (!in_path.empty() && member(what, "properties") != nullptr) {
      for (auto name : in_path)
        what["properties"].EraseMember(copy(name));
      auto left = array();
      for (auto& each : resolved(input, contract_)["properties"].GetObject())
        if (auto name = text_of(each.name);
            !contains(in_path, name) && is_required(input, name))
          add(left, copy(name));
      required = !left.Empty();
      what.EraseMember("required");
      put(what, "required", std::move(left));
    }
    auto result = object();
    put(result, "required", value{required});
    put(result, "content", json(std::move(what)));
    return result;
  }

  static bool contains(const std::vector<text>& names, text name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  bool is_required(const value& input, text name) const {
    auto list = member(resolved(input, contract_), "required");
    return list != nullptr
           && std::any_of(list->Begin(), list->End(),
                          [name](auto& each) { return text_of(each) == name; });
  }

  // -- what is answered -------------------------------------------------------

  value responses(const value& what) {
    auto result = object();
    put(result, "200",
        response("What the strategy answers.", schema(what["output"])));
    std::map<int, std::string> by_status;
    for (auto& each : what["errors"].GetArray()) {
      auto& codes = by_status[each["status"].GetInt()];
      codes += (codes.empty() ? "" : ", ") + std::string{text_of(each["code"])};
    }
    for (auto& [status, codes] : by_status)
      put(result, std::to_string(status), response(codes, error()));
    put(result, "default", response("Any other error.", error()));
    return result;
  }

  value response(text about, value what) {
    auto result = object();
    put(result, "description", about);
    put(result, "content", json(std::move(what)));
    return result;
  }

  value json(value what) {
    auto media = object(), result = object();
    put(media, "schema", std::move(what));
    put(result, "application/json", std::move(media));
    return result;
  }

  // -- pieces -----------------------------------------------------------------

  value components() {
    auto types = object(), result = object();
    for (auto& each : contract_["$defs"].GetObject())
      put(types, text_of(each.name), schema(each.value));
    put(types, error_name, error_schema());
    put(result, "schemas", std::move(types));
    if (contract_["authenticates"].GetBool()) {
      auto token = typed("http"), all = object();
      put(token, "scheme", "bearer");
      put(all, "token", std::move(token));
      put(result, "securitySchemes", std::move(all));
    }
    return result;
  }

  value schema(const value& from) {
    return component_schema(from, memory());
  }

  value error() {
    return reference("#/components/schemas/" + std::string{error_name});
  }

  /// Names of definitions are those of types in C++, which have no dash.
  static constexpr text error_name = "flamigo-error";

  const rapidjson::Document& contract_;
  component_names names_;
  std::map<std::string, value> paths_;
};

} // namespace

std::string openapi_of(const rapidjson::Document& contract) {
  return writer{contract}.write();
}

} // namespace flamigo::tool
