"""`/docs`: the routes on one page, written from the OpenAPI schema; it loads nothing from anywhere, so it works offline."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

_STYLE = """body{font:16px/1.6 system-ui,sans-serif;max-width:54rem;margin:2rem auto;padding:0 1rem;color:#25302e;background:#f8f5ee}
h2{margin:2.2rem 0 .3rem;font-size:1.1rem}code,pre{font-family:ui-monospace,monospace;font-size:.86rem}b{color:#1f6b66}
pre{background:#fff;border:1px solid #e3daca;border-radius:.4rem;padding:.8rem;overflow:auto}summary{cursor:pointer}li{margin:.2rem 0}"""
_EXAMPLE = """from openai import OpenAI

client = OpenAI(base_url="http://localhost:8600/v1", api_key="YOUR_KEY")
for chunk in client.chat.completions.create(
    model="fengjing", stream=True, messages=[{"role": "user", "content": "青岛有什么好玩的"}]):
    print(chunk.choices[0].delta.content or "", end="")"""


def page_of(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI schema."""
    info, models = schema["info"], schema["components"]["schemas"]
    routes = "".join(_route(path, method, route, models) for path, methods in schema["paths"].items() for method, route in methods.items())
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{escape(info['title'])}</title><style>{_STYLE}</style><h1>{escape(info['title'])}</h1>"
            f"<p>{escape(info['description'])}</p><pre>{escape(_EXAMPLE)}</pre>"
            f'<p>Keys go into <code>Authorization: Bearer …</code>. The same as a schema for any tool: <a href="openapi.json">openapi.json</a>.</p>{routes}')


def _route(path: str, method: str, route: dict[str, Any], models: dict[str, Any]) -> str:
    parts = [f"<h2><b>{method.upper()}</b> <code>{escape(path)}</code></h2><p>{escape(route.get('summary', ''))}. {escape(route.get('description', ''))}</p>"]
    parameters = "".join(_parameter(parameter) for parameter in route.get("parameters", ()))
    parts += [f"<ul>{parameters}</ul>"] if parameters else []
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    parts += [f"<details><summary>Body</summary>{''.join(_models(body, models))}</details>"] if body else []
    return "".join(parts)


def _parameter(parameter: dict[str, Any]) -> str:
    needed = "" if parameter["required"] else " (optional)"
    return f"<li><code>{escape(parameter['name'])}</code>{needed} {escape(parameter.get('description', ''))}</li>"


def _models(schema: dict[str, Any], models: dict[str, Any]) -> Iterator[str]:
    """The body's model and those it is made of, each once."""
    wanted, seen = _referred(schema), set[str]()
    while wanted:
        name = wanted.pop(0)
        if name not in seen:
            seen.add(name)
            wanted += _referred(models[name])
            yield f"<p><b>{escape(name)}</b></p><pre>{escape(json.dumps(models[name].get('properties', {}), ensure_ascii=False, indent=1))}</pre>"


def _referred(schema: object) -> list[str]:
    """Names of the models a schema refers to."""
    if isinstance(schema, list):
        return [name for item in schema for name in _referred(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rsplit("/", 1)[-1]] if isinstance(schema.get("$ref"), str) else []
    return own + [name for value in schema.values() for name in _referred(value)]
