<?xml version="1.0" encoding="utf-8" ?>
<ogr:FeatureCollection
     gml:id="aFeatureCollection"
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xsi:schemaLocation="http://ogr.maptools.org/ squares.xsd"
     xmlns:ogr="http://ogr.maptools.org/"
     xmlns:gml="http://www.opengis.net/gml/3.2">
  <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.57 113.85</gml:lowerCorner><gml:upperCorner>22.852 115.012</gml:upperCorner></gml:Envelope></gml:boundedBy>
                                                                                                                                                          
  <ogr:featureMember>
    <ogr:squares gml:id="squares.0">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.7 113.85</gml:lowerCorner><gml:upperCorner>22.702 113.852</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490" gml:id="squares.geom.0"><gml:exterior><gml:LinearRing><gml:posList>22.7 113.85 22.7 113.852 22.702 113.852 22.702 113.85 22.7 113.85</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:编号>S1</ogr:编号>
      <ogr:名称>宝安新材料园</ogr:名称>
      <ogr:产业领域>光刻胶</ogr:产业领域>
      <ogr:环节>研发设计</ogr:环节>
      <ogr:备注>宝安区</ogr:备注>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.1">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.7 114.37</gml:lowerCorner><gml:upperCorner>22.702 114.372</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490" gml:id="squares.geom.1"><gml:exterior><gml:LinearRing><gml:posList>22.7 114.37 22.7 114.372 22.702 114.372 22.702 114.37 22.7 114.37</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:编号>S2</ogr:编号>
      <ogr:名称>坪山材料基地</ogr:名称>
      <ogr:产业领域>半导体材料</ogr:产业领域>
      <ogr:环节>生产制造</ogr:环节>
      <ogr:备注>坪山区</ogr:备注>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.2">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.72 114.251</gml:lowerCorner><gml:upperCorner>22.722 114.253</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490" gml:id="squares.geom.2"><gml:exterior><gml:LinearRing><gml:posList>22.72 114.251 22.72 114.253 22.722 114.253 22.722 114.251 22.72 114.251</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:编号>S3</ogr:编号>
      <ogr:名称>龙岗宝龙地块</ogr:名称>
      <ogr:产业领域>新能源材料</ogr:产业领域>
      <ogr:环节>中试</ogr:环节>
      <ogr:备注>龙岗区，临近高速</ogr:备注>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.3">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.75 113.935</gml:lowerCorner><gml:upperCorner>22.752 113.937</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490" gml:id="squares.geom.3"><gml:exterior><gml:LinearRing><gml:posList>22.75 113.935 22.75 113.937 22.752 113.937 22.752 113.935 22.75 113.935</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:编号>S4</ogr:编号>
      <ogr:名称>光明科学城地块</ogr:名称>
      <ogr:产业领域>前沿新材料</ogr:产业领域>
      <ogr:环节>研发设计</ogr:环节>
      <ogr:备注>光明区</ogr:备注>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.4">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.57 113.95</gml:lowerCorner><gml:upperCorner>22.572 113.952</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490" gml:id="squares.geom.4"><gml:exterior><gml:LinearRing><gml:posList>22.57 113.95 22.57 113.952 22.572 113.952 22.572 113.95 22.57 113.95</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:编号>S5</ogr:编号>
      <ogr:名称>南山总部地块</ogr:名称>
      <ogr:产业领域>生物医用材料</ogr:产业领域>
      <ogr:环节>总部</ogr:环节>
      <ogr:备注>南山区</ogr:备注>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.5">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>22.85 115.01</gml:lowerCorner><gml:upperCorner>22.852 115.012</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490" gml:id="squares.geom.5"><gml:exterior><gml:LinearRing><gml:posList>22.85 115.01 22.85 115.012 22.852 115.012 22.852 115.01 22.85 115.01</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:编号>S6</ogr:编号>
      <ogr:名称>鹅埠片区</ogr:名称>
      <ogr:产业领域>新能源材料</ogr:产业领域>
      <ogr:环节>生产制造</ogr:环节>
      <ogr:备注>深汕特别合作区鹅埠</ogr:备注>
    </ogr:squares>
  </ogr:featureMember>
</ogr:FeatureCollection>
