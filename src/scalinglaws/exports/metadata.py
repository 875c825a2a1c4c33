"""Descriptions of an export for programs: a Frictionless data package, Croissant, and what schema.org asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scalinglaws.database.schema import Column, Table
from scalinglaws.exports.files import ExportFile
from scalinglaws.records.reading import Reference

DESCRIPTION = (
    "Neural scaling laws of the literature as typed records: formulas, published and refitted coefficients with their "
    "sources, claims, public data and reproductions."
)
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS = ["neural scaling laws", "reproducibility", "large language models"]
_CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
}
#: Where Croissant's readers know a kind of file by another name than the registered one.
_CROISSANT_MEDIA = {
    "application/vnd.apache.parquet": "application/x-parquet",
    "application/jsonl": "application/jsonlines",
}
#: As the specification of Croissant 1.1 gives it.
_CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def pretty(document: Any) -> bytes:
    """A document as indented JSON, the same bytes for the same document."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def schema_org(info: Mapping[str, str]) -> dict[str, Any]:
    """The catalog as schema.org's Dataset, without its files.

    Args:
        info: the `info` table.
    """
    return {
        "name": info["title"],
        "description": DESCRIPTION,
        "version": info["edition"],
        "datePublished": info["edition_date"],
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "keywords": KEYWORDS,
        "creator": {"@type": "Organization", "name": f"{info['title']} contributors"},
        "url": "./",
    }


def distribution(file: ExportFile) -> dict[str, Any]:
    """A file as schema.org describes downloads; its address is relative to the folder."""
    return {
        "name": file.name,
        "description": file.what,
        "contentUrl": file.name,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }


def data_package(
    info: Mapping[str, str],
    tables: Sequence[Table],
    files: Mapping[str, ExportFile],
    sources: Iterable[Reference],
) -> bytes:
    """The CSV files as a Frictionless data package: `datapackage.json`.

    Args:
        info: the `info` table.
        tables: of the database.
        files: the CSV file of each table, by its name.
        sources: the works that the records come from.
    """
    licence = {"name": info["licence"], "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0 International"}
    return pretty(
        {
            "profile": "tabular-data-package",
            "name": "scaling-laws-catalog",
            "title": info["title"],
            "description": DESCRIPTION,
            "version": info["edition"],
            "created": f"{info['edition_date']}T00:00:00Z",
            "keywords": KEYWORDS,
            "licenses": [licence],
            "contributors": [{"title": f"{info['title']} contributors", "role": "author"}],
            "sources": [_source(each) for each in sources],
            "resources": [_resource(table, files[table.name]) for table in tables],
        }
    )


def _source(reference: Reference) -> dict[str, str]:
    address = reference.url or (f"https://arxiv.org/abs/{reference.eprint}" if reference.eprint else None)
    return {"title": f"{reference.label}: {reference.title}", **({"path": address} if address else {})}


def _resource(table: Table, file: ExportFile) -> dict[str, Any]:
    links = [
        {"fields": [each.name], "reference": {"resource": target if target != table.name else "", "fields": [column]}}
        for each in table.columns
        if each.target is not None
        for target, column in [each.target]
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": titled(table.name),
        "description": table.meaning,
        "path": file.name,
        "scheme": "file",
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_package_field(table, each) for each in table.columns],
            "primaryKey": list(table.key),
            **({"foreignKeys": links} if links else {}),
        },
    }


def _package_field(table: Table, column: Column) -> dict[str, Any]:
    unique = {"unique": True} if table.key == (column.name,) else {}
    constraints = {"required": True, **unique} if column.required else {}
    # A part of a key is empty text where it does not apply; elsewhere nothing stands for no value.
    may_be_empty = column.type == "string" and column.target is None and column.name in table.key[1:]
    return {
        "name": column.name,
        "type": column.type,
        "description": column.meaning,
        **({"missingValues": []} if may_be_empty else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def titled(name: str) -> str:
    """The name of a table as a title."""
    return name.replace("_", " ").capitalize()


def croissant(
    info: Mapping[str, str], tables: Sequence[Table], files: Sequence[ExportFile], sources: Mapping[str, ExportFile]
) -> bytes:
    """The export in Croissant 1.1, with a record set for each table: `croissant.json`.

    Args:
        info: the `info` table.
        tables: of the database.
        files: all files to describe.
        sources: the Parquet or CSV file of each table, by its name.
    """
    objects = [
        {
            "@type": "cr:FileObject",
            "@id": each.name,
            **distribution(each),
            "encodingFormat": _CROISSANT_MEDIA.get(each.media_type, each.media_type),
        }
        for each in files
    ]
    return pretty(
        {
            "@context": _CROISSANT_CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.1",
            **schema_org(info),
            "citeAs": info["citation"],
            "isLiveDataset": False,
            "distribution": objects,
            "recordSet": [_record_set(table, sources[table.name]) for table in tables],
        }
    )


def _record_set(table: Table, file: ExportFile) -> dict[str, Any]:
    # Foreign keys stand in the data package only: readers of Croissant join by them, and give no record whose key is
    # empty.
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "key": [{"@id": f"{table.name}/{each}"} for each in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{each.name}",
                "name": each.name,
                "description": each.meaning,
                "dataType": _CROISSANT_TYPES[each.type],
                "source": {"fileObject": {"@id": file.name}, "extract": {"column": each.name}},
            }
            for each in table.columns
        ],
    }
